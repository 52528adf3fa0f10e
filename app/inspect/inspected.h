#pragma once

#include "commands.h"

#include "database/open_database.h"
#include "database/row_state.h"
#include "database/snapshot.h"
#include "log/segment_index.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

// What the commands share.

namespace modelvault::inspect {

using Json = nlohmann::ordered_json;

/// A file that was opened and scanned.
struct Inspected {
    OpenedDatabase database;
    std::shared_ptr<const Snapshot> snapshot;

    [[nodiscard]] LogReader log() const { return {*database.store, snapshot->log.index}; }
    [[nodiscard]] ExitCode exitCode() const;
};

enum class Depth {
    Log,
    Catalog, ///< the schemas too
    Rows,    ///< and which rows there are
};

[[nodiscard]] Result<Inspected> inspectFile(const Options &options, Depth depth = Depth::Log);

ExitCode cannot(const Options &options, const std::string &why, Output output);
ExitCode cannot(const Options &options, const Error &error, Output output);
/// Results say where which rule is broken; whether this is a database at all, people want to be told first.
void noteBadHeader(const Options &options, const FileHead &head, std::ostream &err);
/// That there is no lock, for results that have no place for it.
void noteMissingLock(const Options &options, const OpenedDatabase &database, std::ostream &err);

/// What the head of a file says, the same in all results.
[[nodiscard]] Json headerJson(const FileHead &head);
[[nodiscard]] Json superblocksJson(const FileHead &head);
[[nodiscard]] Json selectedJson(const FileHead &head);

/// Errors of the system begin with "Io" here, as those of the engine do.
[[nodiscard]] std::string openErrorName(ErrorCode code);
/// What an open says: {"ok": true}, or with "error".
[[nodiscard]] Json refusalJson(const std::optional<Error> &refusal);

/// Each row of a collection, in the order of the key bytes.
[[nodiscard]] Result<void> forEachByKey(const Store &store, const RowState &rows, std::uint32_t collectionId,
                                        const std::function<void(const PlacedRow &)> &visit);

/// On several lines, or on one. Names and paths may be no UTF-8; JSON has to be. As it may end up on a terminal too,
/// all but ASCII is escaped.
[[nodiscard]] std::string print(const Json &json);
[[nodiscard]] std::string compact(const Json &json);

} // namespace modelvault::inspect
