#include "commands.h"

#include "inspected.h"
#include "segment_lines.h"
#include "words.h"

#include "database/replay.h"
#include "database/row_index.h"
#include "export/value_text.h"
#include "lock/lock_holders.h"
#include "printable.h"

#include <algorithm>
#include <array>
#include <format>
#include <string>
#include <vector>

namespace modelvault::inspect {

ExitCode cannot(const Options &options, const std::string &why, Output output)
{
    output.err << "mvinspect: " << printable(options.file.native()) << ": " << why << '\n';
    return kCannot;
}

ExitCode cannot(const Options &options, const Error &error, Output output)
{
    return cannot(options, words(error), output);
}

std::string print(const Json &json)
{
    return json.dump(2, ' ', true, Json::error_handler_t::replace) + '\n';
}

std::string compact(const Json &json)
{
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

ExitCode Inspected::exitCode() const
{
    const bool clean = std::ranges::all_of(snapshot->findings,
                                           [](const Finding &finding) { return finding.severity == Severity::Info; });
    return clean ? kClean : kFindings;
}

Result<Inspected> inspectFile(const Options &options, Depth depth)
{
    auto opened = openDatabase(options.file, options.lock);
    if (!opened)
        return std::unexpected(opened.error());
    const auto &head = opened->head;
    auto log = scanLog(*opened->store, head.fileLength, {.framed = head.hasTransactions()});
    if (!log)
        return std::unexpected(log.error());
    std::shared_ptr<const CatalogHistory> catalog;
    if (depth >= Depth::Catalog) {
        auto read = CatalogHistory::read(*opened->store, *log, head.hasTransactions());
        if (!read)
            return std::unexpected(read.error());
        catalog = *std::move(read);
    }
    std::shared_ptr<const RowIndex> rows;
    if (depth >= Depth::Rows) {
        const auto start = findReplayStart(*opened->store, head, log->readEnd());
        if (!start)
            return std::unexpected(start.error());
        auto replayed = indexRows(*opened->store, *log, catalog, head.hasTransactions(), start->source.from);
        if (!replayed)
            return std::unexpected(replayed.error());
        rows = *std::move(replayed);
    }
    auto snapshot = makeSnapshot(opened->store->identity(), head, *std::move(log), std::move(catalog), std::move(rows));
    return Inspected{*std::move(opened), std::move(snapshot)};
}

namespace {

constexpr std::array kSlots = {SuperblockSlot::A, SuperblockSlot::B};
constexpr const char *slotName(SuperblockSlot slot)
{
    return slot == SuperblockSlot::A ? "A" : "B";
}

// --- JSON ---

Json superblockJson(SuperblockSlot slot, const Result<Superblock> &block)
{
    if (!block)
        return {{"slot", slotName(slot)}, {"ok", false}, {"error", errorName(block.error().code)}};
    return {{"slot", slotName(slot)},
            {"ok", true},
            {"generation", block->generation},
            {"manifest_offset", block->manifestOffset.value},
            {"manifest_len", block->manifestLength},
            {"checkpoint_offset", block->checkpointOffset.value},
            {"checkpoint_len", block->checkpointLength}};
}

} // namespace

Json headerJson(const FileHead &head)
{
    const auto &header = head.header;
    if (!header)
        return {{"ok", false}, {"error", errorName(header.error().code)}};
    return {{"ok", true},
            {"major", header->major},
            {"minor", header->minor},
            {"header_size", header->headerSize},
            {"flags", header->flags}};
}

Json superblocksJson(const FileHead &head)
{
    Json blocks = Json::array();
    for (const auto slot : kSlots)
        blocks.push_back(superblockJson(slot, head.superblocks[static_cast<std::size_t>(slot)]));
    return blocks;
}

Json selectedJson(const FileHead &head)
{
    return head.selected ? Json(slotName(*head.selected)) : Json();
}

std::string openErrorName(ErrorCode code)
{
    const std::string name(errorName(code));
    return code >= ErrorCode::UnexpectedEof && code != ErrorCode::Io ? "Io" + name : name;
}

Result<void> forEachByKey(const Store &store, const RowState &rows, std::uint32_t collectionId,
                          const std::function<void(const PlacedRow &)> &visit)
{
    const auto places = rows.placesByKey(store, collectionId);
    if (!places)
        return std::unexpected(places.error());
    for (const auto &place : *places) {
        const auto row = rows.row(store, place);
        if (!row)
            return std::unexpected(row.error());
        visit(*row);
    }
    return {};
}

Json refusalJson(const std::optional<Error> &refusal)
{
    if (!refusal)
        return {{"ok", true}};
    return {{"ok", false}, {"error", openErrorName(refusal->code)}};
}

namespace {

Json toJson(const std::vector<Finding> &findings)
{
    Json list = Json::array();
    for (const auto &finding : findings)
        list.push_back({{"code", errorName(finding.code)},
                        {"severity", severityName(finding.severity)},
                        {"offset", finding.offset.value},
                        {"length", finding.length},
                        {"expected", finding.expected},
                        {"found", finding.found},
                        {"count", finding.count},
                        {"message", words(finding)}});
    return list;
}

const char *modeName(LockMode mode)
{
    return mode == LockMode::Shared ? "shared" : "exclusive";
}
const char *targetName(LockHolder::Target target)
{
    return target == LockHolder::Target::Database ? "database" : "lock file";
}

Json toJson(const LockHolders &holders)
{
    Json list = Json::array();
    for (const auto &holder : holders.holders) {
        Json json = {{"target", holder.target == LockHolder::Target::Database ? "database" : "lock_file"},
                     {"file", holder.file.string()},
                     {"mode", modeName(holder.mode)},
                     {"pid", holder.processId},
                     {"program", holder.program},
                     {"command_line", holder.commandLine},
                     {"this_process", holder.isThisProcess},
                     {"may_be_stale", holder.evidence == LockHolder::Evidence::LockTable},
                     {"probable", holder.isProbable}};
        json["user_id"] = holder.userId ? Json(*holder.userId) : Json();
        list.push_back(std::move(json));
    }
    return {{"holders", std::move(list)}, {"complete", holders.isComplete}};
}

Json lockJson(const Options &options, const OpenedDatabase &database)
{
    Json json = {{"state", database.store->lockState() == LockState::Unlocked ? "none" : "shared"}};
    json["other_names"] = database.hasOtherNames;
    if (database.lockRefusal) {
        json["refusal"] = errorName(database.lockRefusal->code);
        json.update(toJson(lockHolders(options.file)));
    }
    return json;
}

Json summaryJson(const Options &options, const Inspected &inspected)
{
    const auto &snapshot = *inspected.snapshot;
    const auto &index = *snapshot.log.index;
    Json json = {{"file", options.file.string()},
                 {"length", snapshot.fileLength()},
                 {"lock", lockJson(options, inspected.database)},
                 {"header", headerJson(snapshot.head)}};
    json["superblocks"] = superblocksJson(snapshot.head);
    json["selected_superblock"] = selectedJson(snapshot.head);
    Json types = Json::object();
    for (std::size_t i = 0; i < kSegmentTypes; ++i)
        types[std::string(segmentTypeName(typeAtIndex(i)))] = {{"count", index.count(typeAtIndex(i))},
                                                               {"payload_bytes", index.payloadBytes(typeAtIndex(i))}};
    json["segments"] = {{"count", index.segmentCount()}, {"by_type", std::move(types)}};
    json["transactions"] = index.transactionCount();
    const auto &fault = snapshot.log.firstFault;
    json["first_log_error"] =
        fault ? Json{{"offset", fault->segment.value}, {"error", errorName(fault->error.code)}} : Json();
    json["findings"] = toJson(snapshot.findings);
    json["findings_dropped"] = snapshot.log.findingsDropped;
    return json;
}

// --- Text ---

std::string describe(const LockHolder &holder)
{
    std::string text = std::format("{} lock on the {}: ", modeName(holder.mode), targetName(holder.target));
    text += holder.program.empty() ? "an unknown program" : printable(holder.program);
    if (holder.processId != 0)
        text += std::format(" (process {})", holder.processId);
    if (holder.isThisProcess)
        text += ", this process";
    if (holder.evidence == LockHolder::Evidence::LockTable)
        text += ", may be stale";
    if (holder.isProbable)
        text += ", probably";
    return text;
}

void printHolders(const LockHolders &holders, std::string_view indent, std::ostream &out)
{
    for (const auto &holder : holders.holders) {
        out << indent << describe(holder) << '\n';
        if (holder.commandLine.empty())
            continue;
        out << indent << "   ";
        for (const auto &argument : holder.commandLine)
            out << ' ' << printable(argument);
        out << '\n';
    }
    if (!holders.isComplete)
        out << indent << "not every process could be looked at: there may be more\n";
}

void printFindings(const Snapshot &snapshot, std::ostream &out)
{
    for (const auto &finding : snapshot.findings)
        out << std::format("  {:<8}{:#012x}  {:>12} B  {}: {}\n", severityName(finding.severity), finding.offset.value,
                           grouped(finding.length), errorName(finding.code), words(finding));
    if (snapshot.log.findingsDropped > 0)
        out << "  and " << grouped(snapshot.log.findingsDropped) << " more\n";
}

std::string superblockText(const FileHead &head, SuperblockSlot slot)
{
    const auto &block = head.superblocks[static_cast<std::size_t>(slot)];
    if (!block)
        return std::string(errorName(block.error().code)) + ": " + words(block.error());
    std::string text = std::format("generation {}", block->generation);
    if (block->manifestOffset.value != 0)
        text += ", manifest at " + hex(block->manifestOffset.value);
    if (block->checkpointOffset.value != 0)
        text += ", checkpoint at " + hex(block->checkpointOffset.value);
    return text + (head.selected == slot ? ", in use" : "");
}

void summaryText(const Options &options, const Inspected &inspected, std::ostream &out)
{
    const auto &snapshot = *inspected.snapshot;
    const auto &head = snapshot.head;
    const auto &index = *snapshot.log.index;
    out << printable(options.file.native()) << "\n  length        ";
    if (head.fileLength < 1024)
        out << counted(head.fileLength, "byte") << '\n';
    else
        out << size(head.fileLength) << " (" << grouped(head.fileLength) << " bytes)\n";
    out << "  lock          " << words(inspected.database.store->lockState(), inspected.database.hasOtherNames) << '\n';
    if (inspected.database.lockRefusal) {
        out << "                no shared lock: " << lockRefusalWords(*inspected.database.lockRefusal) << '\n';
        printHolders(lockHolders(options.file), "                ", out);
    }
    out << "  format        "
        << (head.header ? std::format("{}.{}", head.header->major, head.header->minor)
                        : std::string(errorName(head.header.error().code)) + ": " + headerWords(head))
        << '\n';
    for (const auto slot : kSlots)
        out << "  superblock " << slotName(slot) << "  " << superblockText(head, slot) << '\n';
    out << "  log           " << counted(index.segmentCount(), "segment") << ", "
        << counted(index.transactionCount(), "transaction") << '\n';
    for (std::size_t i = 0; i < kSegmentTypes; ++i)
        if (const auto type = typeAtIndex(i); index.count(type) > 0)
            out << std::format("    {:<12}{:>12}  {:>12} of payload\n", segmentTypeName(type),
                               grouped(index.count(type)), size(index.payloadBytes(type)));
    out << "  findings      "
        << (snapshot.findings.empty() ? "none in checksums and framing; the command check looks at the rest"
                                      : grouped(snapshot.findingCount()))
        << '\n';
    printFindings(snapshot, out);
}

std::string dumpLine(Offset at, std::span<const std::byte> bytes)
{
    std::string cells;
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto value = std::to_integer<unsigned>(bytes[i]);
        cells += std::format("{}{:02x}", i == 8 ? "  " : " ", value);
        text += value >= 0x20 && value < 0x7F ? static_cast<char>(value) : '.';
    }
    return std::format("{:012x} {:<49}  {}\n", at.value, cells, text);
}

} // namespace

void noteBadHeader(const Options &options, const FileHead &head, std::ostream &err)
{
    if (!head.header)
        err << "mvinspect: " << printable(options.file.native()) << ": " << headerWords(head) << '\n';
}

void noteMissingLock(const Options &options, const OpenedDatabase &database, std::ostream &err)
{
    if (!database.lockRefusal)
        return;
    err << "mvinspect: " << printable(options.file.native())
        << ": read without a lock: " << lockRefusalWords(*database.lockRefusal) << '\n';
    printHolders(lockHolders(options.file), "  ", err);
}

ExitCode summary(const Options &options, Output output)
{
    const auto inspected = inspectFile(options);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    noteBadHeader(options, inspected->snapshot->head, output.err);
    if (options.json)
        output.out << print(summaryJson(options, *inspected));
    else
        summaryText(options, *inspected, output.out);
    return inspected->exitCode();
}

ExitCode segments(const Options &options, const SegmentRange &range, Output output)
{
    const auto filter = Filter::parse(range.filter);
    if (!filter) {
        output.err << "mvinspect: --filter: " << words(filter.error(), range.filter) << '\n';
        return kCannot;
    }
    const auto depth = range.what || filter->asksForNames() ? Depth::Catalog : Depth::Log;
    const auto inspected = inspectFile(options, depth);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const auto total = inspected->snapshot->log.index->segmentCount();
    const auto from = std::min(range.from, total);
    auto left = std::min(range.count, total - from);
    // One at a time, as there may be more than fit in memory.
    bool first = true;
    bool isSound = true; // what was listed of them
    std::uint64_t unreadable = 0;
    SegmentLines lines(*inspected->database.store, *filter, inspected->snapshot->catalog.get(), range.what,
                       options.json);
    output.out << (options.json ? "[" : kSegmentColumns);
    const auto listed = left == 0
        ? Result<void>()
        : inspected->log().forEachWithPayload({from}, [&](const Segment &segment, std::span<const std::byte> payload) {
              const auto line = lines.of(segment, payload);
              unreadable += line ? 0U : 1U;
              if (!line || !*line)
                  return output.out.good();
              isSound &= (*line)->isSound;
              if (options.json)
                  output.out << (first ? "\n  " : ",\n  ");
              output.out << (*line)->text;
              first = false;
              return --left > 0 && output.out.good();
          });
    if (options.json)
        output.out << (first ? "]\n" : "\n]\n");
    if (!listed)
        return cannot(options, listed.error(), output);
    if (unreadable > 0)
        return cannot(options, counted(unreadable, "segment") + " could not be read to see whether they pass", output);
    return isSound ? inspected->exitCode() : kFindings;
}

ExitCode hexDump(const Options &options, ByteRange range, Output output)
{
    const auto opened = openDatabase(options.file, options.lock);
    if (!opened)
        return cannot(options, opened.error(), output);
    const auto length = opened->head.fileLength;
    if (range.offset.value > length)
        return cannot(options, std::format("it ends before that offset, after {} bytes", grouped(length)), output);
    noteBadHeader(options, opened->head, output.err);
    noteMissingLock(options, *opened, output.err);

    constexpr std::size_t kChunk = 64 * 1024; // a multiple of a line
    constexpr std::size_t kLine = 16;
    std::uint64_t left = std::min(range.length, length - range.offset.value);
    std::vector<std::byte> buffer(kChunk);
    Offset at = range.offset;
    if (options.json)
        output.out << std::format(R"({{"offset": {}, "length": {}, "hex": ")", at.value, left);
    while (left > 0 && output.out.good()) {
        const auto chunk = std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, kChunk)));
        if (const auto read = opened->store->uncached().readExactAt(at, chunk); !read) {
            const bool isShorter = read.error().code == ErrorCode::UnexpectedEof;
            return isShorter ? cannot(options, "it became shorter while it was read", output)
                             : cannot(options, read.error(), output);
        }
        if (options.json) {
            output.out << hexDigits(chunk);
        } else {
            for (std::size_t i = 0; i < chunk.size(); i += kLine)
                output.out << dumpLine(at + i, chunk.subspan(i, std::min(kLine, chunk.size() - i)));
        }
        at += chunk.size();
        left -= chunk.size();
    }
    if (options.json)
        output.out << "\"}\n";
    return opened->head.header ? kClean : kFindings;
}

ExitCode verify(const Options &options, Output output)
{
    const auto inspected = inspectFile(options);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    const auto &snapshot = *inspected->snapshot;
    noteBadHeader(options, snapshot.head, output.err);
    if (options.json) {
        output.out << print({{"file", options.file.string()},
                             {"lock", lockJson(options, inspected->database)},
                             {"segments", snapshot.log.index->segmentCount()},
                             {"findings", toJson(snapshot.findings)},
                             {"findings_dropped", snapshot.log.findingsDropped}});
        return inspected->exitCode();
    }
    noteMissingLock(options, inspected->database, output.err);
    output.out << printable(options.file.native()) << ": " << counted(snapshot.log.index->segmentCount(), "segment")
               << ", "
               << (snapshot.findings.empty() ? "no findings in checksums and framing"
                                             : counted(snapshot.findingCount(), "finding"))
               << '\n';
    printFindings(snapshot, output.out);
    return inspected->exitCode();
}

ExitCode locks(const Options &options, Output output)
{
    if (const auto regular = checkRegularFile(options.file); !regular)
        return cannot(options, regular.error(), output);
    const auto holders = lockHolders(options.file);
    if (options.json) {
        Json json = {{"file", options.file.string()}};
        json.update(toJson(holders));
        output.out << print(json);
        return kClean;
    }
    output.out << printable(options.file.native()) << ": "
               << (holders.holders.empty() ? "no locks seen" : counted(holders.holders.size(), "holder")) << '\n';
    printHolders(holders, "  ", output.out);
    return kClean;
}

} // namespace modelvault::inspect
