#pragma once

#include "database/catalog.h"
#include "error.h"
#include "format/index_entry.h"
#include "format/record.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace modelvault::test {

/// What a database holds, in the plainest form.
struct DatabaseState {
    using Key = std::vector<std::byte>;

    Catalog catalog;
    std::map<std::uint32_t, std::map<Key, Record>> rows; ///< by collection id and key bytes
    /// Collection id, kind, index name, index key, primary key.
    std::set<std::tuple<std::uint32_t, IndexKind, std::string, Key, Key>> entries;
};

/// What a strict open of a file makes of it, by the letter of FORMAT.md, "Replay": slow, and without any of what the
/// engine of this project does to be quick. Finds what is wrong with a log, a checkpoint and payloads.
[[nodiscard]] Result<DatabaseState> openStrictly(std::vector<std::byte> bytes);

} // namespace modelvault::test
