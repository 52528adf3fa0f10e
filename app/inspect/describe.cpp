#include "describe.h"

#include "inspected.h"
#include "json_writer.h"

#include "database/open_preview.h"
#include "database/row_state.h"
#include "export/described_json.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace modelvault::inspect {
namespace {

class Describer {
public:
    Describer(const Inspected &inspected, const OpenPreview &preview, std::ostream &out)
        : m_store(*inspected.database.store),
          m_snapshot(*inspected.snapshot),
          m_preview(preview),
          m_writer(out)
    { }

    Result<void> run(const std::string &file, bool states)
    {
        const auto &head = m_snapshot.head;
        m_writer.value("file", file);
        m_writer.value("length", head.fileLength);
        m_writer.value("header", headerJson(head));
        m_writer.value("superblocks", superblocksJson(head));
        m_writer.value("selected_superblock", selectedJson(head));
        if (const auto written = segments(); !written)
            return written;
        const auto &fault = m_snapshot.log.firstFault;
        m_writer.value("first_log_error",
                       fault ? Json{{"offset", fault->segment.value}, {"error", openErrorName(fault->error.code)}}
                             : Json());
        const auto framing = framingFault();
        const auto &cut = m_preview.autoTruncate.cut;
        m_writer.value("safe_end", cut && !framing ? Json(cut->safeEnd.value) : Json());
        if (framing)
            m_writer.value("framing_error", errorName(framing->code));
        m_writer.value("strict_open", refusalJson(m_preview.strict));
        m_writer.value("salvage_open", salvage(framing));
        return state(framing.has_value(), states);
    }

private:
    /// Those before the place where the engine's walk ends.
    Result<void> segments()
    {
        const auto &log = m_snapshot.log;
        m_writer.key("segments");
        m_writer.open('[');
        const auto listed = LogReader(m_store, log.index).forEach({0}, [&](const Segment &segment) {
            if (log.firstFault && segment.offset >= log.firstFault->segment)
                return false;
            m_writer.value({{"offset", segment.offset.value},
                            {"type", segmentTypeName(segment.header.type)},
                            {"payload_len", segment.header.payloadLength},
                            {"payload_crc32c", segment.header.payloadCrc},
                            {"payload_crc_ok", !segment.payloadDamaged}});
            return true;
        });
        m_writer.close(']');
        return listed;
    }

    /// The wrong marker that ends the log.
    [[nodiscard]] std::optional<Error> framingFault() const
    {
        const auto &cut = m_preview.autoTruncate.cut;
        const bool isMarker = cut && cut->cause && cut->cause->error.code == ErrorCode::InvalidTxnPayload;
        return isMarker ? std::optional(cut->cause->error) : std::nullopt;
    }

    /// Here a wrong marker counts as what no open gets over, and an empty file as one that holds nothing to save.
    [[nodiscard]] Json salvage(const std::optional<Error> &framing) const
    {
        if (m_preview.autoTruncate.makesNewDatabase)
            return {{"ok", false}, {"error", "EmptyFile"}};
        return refusalJson(framing ? framing : m_preview.autoTruncate.refusal);
    }

    Result<void> state(bool framing, bool states)
    {
        const auto &head = m_snapshot.head;
        const bool isHeaderAlone = head.header && !head.header->hasSuperblocks() && !m_preview.strict;
        if (isHeaderAlone)
            return emptyState(states);
        if (!head.header || framing || !m_preview.source || m_preview.replay->refusesLog) {
            for (const auto *key : {"catalog", "rows", "index_entries"})
                m_writer.value(key, Json());
            if (states)
                m_writer.value("states", Json());
            return {};
        }

        const auto &replay = *m_preview.replay;
        m_writer.key("catalog");
        m_writer.open('[');
        for (const auto &[id, collection] : replay.catalog->collections())
            m_writer.value(described(collection));
        m_writer.close(']');
        m_writer.key("rows");
        if (const auto written = rowsOf(*m_preview.source); !written)
            return written;
        m_writer.key("index_entries");
        m_writer.open('[');
        for (const auto &[index, entries] : replay.indexes.indexes()) {
            for (const auto &entry : entries)
                m_writer.value(described(index, entry));
        }
        m_writer.close(']');
        if (m_preview.autoTruncate.refusal)
            findings();
        return states ? statesOf() : Result<void>();
    }

    Result<void> emptyState(bool states)
    {
        m_writer.value("catalog", Json::array());
        m_writer.value("rows", Json::object());
        m_writer.value("index_entries", Json::array());
        if (states)
            m_writer.value("states", Json::array());
        return {};
    }

    Result<void> rowsOf(const ReplaySource &source)
    {
        const auto rows = RowState::read(m_store, m_snapshot.log, source, m_preview.replay->catalog, m_snapshot.catalog,
                                         m_snapshot.head.hasTransactions());
        return rows ? write(*rows, source.end) : std::unexpected(rows.error());
    }

    /// Of all collections that there are before `end`, by key.
    Result<void> write(const RowState &rows, Offset end)
    {
        m_writer.open('{');
        for (const auto &[id, collection] : rows.catalog().collections()) {
            if (collection.versions.front().place.payload >= end)
                continue;
            m_writer.key(collection.name);
            m_writer.open('[');
            const auto written = forEachByKey(m_store, rows, id, [&](const PlacedRow &row) {
                m_writer.value(describedRow(collection.primaryField, row.record));
            });
            m_writer.close(']');
            if (!written)
                return written;
        }
        m_writer.close('}');
        return {};
    }

    /// The reasons why the engine refuses what is shown here.
    void findings()
    {
        const auto add = [this](const Finding &finding) {
            m_writer.value({{"code", errorName(finding.code)},
                            {"severity", severityName(finding.severity)},
                            {"offset", finding.offset.value},
                            {"length", finding.length}});
        };
        m_writer.key("findings");
        m_writer.open('[');
        if (!m_snapshot.head.selected)
            for (const auto &finding : headFindings(m_snapshot.head))
                add(finding);
        for (const auto &finding : m_preview.replay->findings)
            add(finding);
        m_writer.close(']');
        if (const auto dropped = m_preview.replay->findingsDropped; dropped > 0)
            m_writer.value("findings_dropped", dropped);
    }

    /// From the log alone: what a checkpoint holds was committed before.
    Result<void> statesOf()
    {
        const ReplaySource all{.checkpoint = {}, .from = kLogStart, .end = m_preview.source->end};
        m_writer.key("states");
        m_writer.open('[');
        std::optional<Error> error;
        const auto atCommit = [&](const RowState &rows, const Segment &commit) {
            m_writer.open('{');
            m_writer.value("commit_offset", commit.offset.value);
            m_writer.value("commit_end", commit.end().value);
            m_writer.key("rows");
            if (const auto written = write(rows, commit.end()); !written)
                error = written.error();
            m_writer.close('}');
            return !error;
        };
        const auto read =
            RowState::read(m_store, m_snapshot.log, all, {m_snapshot.catalog, &m_snapshot.catalog->catalog()},
                           m_snapshot.catalog, m_snapshot.head.hasTransactions(), {}, atCommit);
        m_writer.close(']');
        if (!read)
            return std::unexpected(read.error());
        return error ? std::unexpected(*error) : Result<void>();
    }

    const Store &m_store;
    const Snapshot &m_snapshot;
    const OpenPreview &m_preview;
    JsonWriter m_writer;
};

} // namespace

ExitCode describe(const Options &options, bool states, Output output)
{
    const auto inspected = inspectFile(options, Depth::Catalog);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    const auto &snapshot = *inspected->snapshot;
    noteBadHeader(options, snapshot.head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const auto preview = previewOpens(*inspected->database.store, snapshot.head, snapshot.log, snapshot.catalog);
    if (!preview)
        return cannot(options, preview.error(), output);
    if (const auto written = Describer(*inspected, *preview, output.out).run(options.file.filename().string(), states);
        !written)
        return cannot(options, written.error(), output);
    return preview->strict ? kFindings : inspected->exitCode();
}

} // namespace modelvault::inspect
