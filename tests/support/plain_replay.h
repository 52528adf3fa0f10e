#pragma once

#include "database/catalog.h"
#include "format/record.h"
#include "position.h"

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace modelvault::test {

/// The state of a database as "Replay" in FORMAT.md says it, step by step and with everything in memory: slow, and the
/// measure of what is quick. Without a look at superblocks and checkpoints.
struct PlainReplay {
    using Bytes = std::vector<std::byte>;
    /// Collection, index name, kind, key, primary key.
    using IndexEntryKey = std::tuple<std::uint32_t, std::string, IndexKind, Bytes, Bytes>;

    Catalog catalog;
    /// By collection and key bytes. A record that does not decode leaves the row as it was.
    std::map<std::uint32_t, std::map<Bytes, Record>> rows;
    std::set<IndexEntryKey> indexEntries;
};

/// Of the segments that lie whole before `end`, up to the first that is not sound.
[[nodiscard]] PlainReplay plainReplay(std::span<const std::byte> file, Offset end = {~std::uint64_t{0}});

} // namespace modelvault::test
