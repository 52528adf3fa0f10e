#pragma once

#include "database/catalog.h"
#include "error.h"
#include "format/value.h"

#include <span>

namespace modelvault {

/// A value for each field of the collection's current schema version, in its order; null where the row says nothing.
using ExportRow = std::span<const Value *const>;

/// Where exported rows go to: one kind of file. After an error it is of no use any more.
class ExportSink {
public:
    ExportSink() = default;
    ExportSink(const ExportSink &) = delete;
    ExportSink &operator=(const ExportSink &) = delete;
    virtual ~ExportSink() = default;

    /// The rows that come next are of this collection, which must live as long as the sink. A text file takes only one.
    [[nodiscard]] virtual Result<void> begin(const Collection &collection) = 0;
    [[nodiscard]] virtual Result<void> add(ExportRow row) = 0;
    /// Hands all to the system that was kept back; nothing may be added any more.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

} // namespace modelvault
