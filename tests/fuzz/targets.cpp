#include "fuzz/targets.h"

#include "fuzz/packed_file.h"

#include "check/check.h"
#include "database/catalog.h"
#include "database/index_check.h"
#include "database/open_preview.h"
#include "database/row_index.h"
#include "database/row_query.h"
#include "database/row_reader.h"
#include "database/segment_summary.h"
#include "explain/decoded_json.h"
#include "explain/explainer.h"
#include "explain/field_tree.h"
#include "export/value_text.h"
#include "filter/filter.h"
#include "filter/filter_completion.h"
#include "format/byte_reader.h"
#include "format/checkpoint.h"
#include "format/manifest.h"
#include "format/transaction_marker.h"
#include "lock/proc_locks.h"
#include "search/search.h"
#include "store/memory_store.h"
#include "support/corpus.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace modelvault::fuzz {
namespace {

using Bytes = std::vector<std::byte>;
using Input = std::span<const std::byte>;

constexpr Offset kAt{4096}; // of what is decoded: any place

/// As an assertion in every build.
void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::string_view textOf(Input input)
{
    return {reinterpret_cast<const char *>(input.data()), input.size()};
}

// --- Decoders ---

/// Of a tree that was built while `bytes` were decoded: its leaves follow each other without gap or overlap.
Offset requireTiles(const FieldNode &node, Offset at)
{
    require(node.begin == at && node.end >= node.begin);
    if (node.isLeaf())
        return node.end;
    for (const auto &child : node.children)
        at = requireTiles(child, at);
    require(at == node.end);
    return at;
}

/// Decodes twice: a trace changes nothing, and explains every byte.
template <class Decode>
auto decodeTwice(Input input, const Decode &decode)
{
    const auto plain = decode(input, nullptr);
    std::size_t budget = ExplainFocus{}.nodes;
    FieldTreeBuilder builder("it", kAt, {}, budget);
    const auto traced = decode(input, &builder);
    require(plain.has_value() == traced.has_value());
    if (!plain)
        require(plain.error() == traced.error());
    const auto tree = std::move(builder).finish(kAt + input.size());
    requireTiles(tree, kAt);
    require(!decodedJson(tree).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).empty());
    return plain;
}

/// And what is encoded again says the same.
template <class T>
void decodeAndBack(Input input)
{
    const auto decode = [](Input bytes, FieldTrace *trace) { return T::decode(bytes, kAt, trace); };
    const auto decoded = decodeTwice(input, decode);
    if (!decoded)
        return;
    const auto encoded = decoded->encode();
    const auto again = T::decode(encoded, kAt);
    require(again.has_value() && again->encode() == encoded);
}

void header(Input input)
{
    // Its place is known, so it takes none.
    const auto decoded = FileHeader::decode(input);
    std::size_t budget = ExplainFocus{}.nodes;
    FieldTreeBuilder builder("it", Offset{0}, {}, budget);
    require(FileHeader::decode(input, &builder).has_value() == decoded.has_value());
    requireTiles(std::move(builder).finish(Offset{input.size()}), Offset{0});
    std::ignore = foreignFormat(input);
}

void superblock(Input input)
{
    Bytes slot(input.begin(), input.end());
    if (slot.size() >= kPackedSlot)
        slot.resize(Superblock::kSize);
    decodeAndBack<Superblock>(slot);
}

/// A catalog entry behind its length in two bytes, then a record of that collection.
void record(Input input)
{
    if (input.size() < 2)
        return;
    const std::size_t length = std::to_integer<std::size_t>(input[0]) | std::to_integer<std::size_t>(input[1]) << 8U;
    input = input.subspan(2);
    const auto split = std::min(length, input.size());
    Catalog catalog;
    if (const auto entry = CatalogEntry::decode(input.first(split), kAt);
        !entry || !catalog.apply(*entry, {.segment = {}, .payload = kAt, .transaction = {}}))
        return;
    const auto &collection = catalog.collections().begin()->second;
    const SchemaMatch match{.collection = &collection, .schema = &collection.current()};
    const auto payload = input.subspan(split);
    const auto layoutOf = [&](std::uint32_t, std::uint32_t) { return std::optional(match.layout()); };

    std::ignore = RecordHead::decode(payload, kAt);
    const auto decoded = decodeTwice(
        payload, [&](Input bytes, FieldTrace *trace) { return Record::decode(bytes, kAt, layoutOf, trace); });
    if (!RecordOutline::peek(payload) || collection.primaryField.empty())
        return;
    const RecordDecoder decoder(match.layout());
    const auto prepared = decoder.decode(payload, kAt);
    const auto checked = decoder.check(payload, kAt);
    require(prepared.has_value() == checked.has_value());
    require(prepared.has_value() == decoded.has_value());
    if (!decoded) {
        require(prepared.error() == decoded.error() && checked.error() == decoded.error());
        return;
    }
    for (std::size_t field = 0; field < match.schema->fields.size(); ++field) {
        const auto value = decoder.value(payload, kAt, field);
        require(value.has_value());
        if (*value) {
            std::ignore = valueText(**value);
            std::ignore = jsonText(**value);
        }
    }
    require(Record::decode(decoded->encode(), kAt, layoutOf).has_value());
}

// --- What people type ---

void filter(Input input)
{
    const auto typed = textOf(input);
    std::ignore = completeFilter(typed, typed.size() / 2, {});
    const auto parsed = Filter::parse(typed);
    if (!parsed) {
        require(parsed.error().begin <= parsed.error().end && parsed.error().end <= typed.size());
        return;
    }
    const auto again = Filter::parse(parsed->text());
    if (parsed->text().size() <= Filter::kMostBytes)
        require(again && *again == *parsed);
}

/// The kind in the first byte, the pattern up to a zero, then where it is looked for.
void pattern(Input input)
{
    if (input.empty())
        return;
    const auto kind = std::to_integer<unsigned>(input[0]);
    const auto text = textOf(input.subspan(1));
    const auto typed = text.substr(0, text.find('\0'));
    const bool flag = (kind & 0x10U) != 0;
    const auto made = [&] {
        switch (kind % 5) {
        case 0:
            return SearchPattern::text(typed, {.encoding = TextEncoding::Any, .matchCase = flag});
        case 1:
            return SearchPattern::hex(typed);
        case 2:
            return SearchPattern::integer(typed,
                                          {.bytes = 1 + kind / 32, .isSigned = flag, .order = NumberOrder::Both});
        case 3:
            return SearchPattern::real(typed, {.bytes = flag ? 4U : 8U, .order = NumberOrder::Both});
        default:
            return SearchPattern::regex(typed, {.matchCase = flag, .acrossLines = (kind & 0x20U) != 0});
        }
    }();
    if (!made)
        return;
    const MemoryStore store(Bytes(input.begin(), input.end()));
    const SearchRange range{{0}, {input.size()}};
    std::vector<Hit> hits;
    const auto collect = [&hits](std::span<const Hit> some) { hits.insert(hits.end(), some.begin(), some.end()); };
    require(findAll(store, range, *made, collect).has_value());
    // Hits do not depend on how much is read at a time.
    std::vector<Hit> whole;
    std::swap(hits, whole);
    require(findAll(store, range, *made, collect, {}, {.chunk = 16}).has_value());
    require(hits == whole);
    const auto first = findNext(store, range, *made, {0});
    require(first.has_value() && first->has_value() == !hits.empty());
    require(findPrevious(store, range, *made, range.end).has_value());
}

const SchemaVersion &schemaOfAllTypes()
{
    static const auto s_schema = [] {
        SchemaVersion schema;
        for (const auto tag : {TypeTag::Bool, TypeTag::Int64, TypeTag::Uint64, TypeTag::Float64, TypeTag::String,
                               TypeTag::Bytes, TypeTag::Uuid, TypeTag::Timestamp, TypeTag::Enum})
            schema.fields.push_back({{{std::string(typeTagName(std::to_underlying(tag)))}}, {.tag = tag}, {}});
        return schema;
    }();
    return s_schema;
}

/// Conditions of a grid, and values of all types.
void condition(Input input)
{
    const auto typed = textOf(input);
    const auto &schema = schemaOfAllTypes();
    for (std::size_t field = 0; field < schema.fields.size(); ++field) {
        if (const auto parsed = parseCondition(field, typed))
            std::ignore = RowFilter::make(schema, {*parsed});
        const auto tag = schema.fields[field].type.tag;
        const auto value = isScalar(tag) ? parseScalar(tag, typed) : std::nullopt;
        if (!value)
            continue;
        const auto text = valueText(*value);
        const auto again = parseScalar(tag, text);
        require(again.has_value() && valueText(*again) == text);
    }
    std::ignore = parseLockTable(typed);
    std::ignore = parseDescriptorLocks(typed);
}

// --- Files ---

struct Opened {
    explicit Opened(Input input) : store(unpacked(input)), head(*readFileHead(store))
    {
        log = *scanLog(store, head.fileLength, {.framed = head.hasTransactions()});
    }

    void readCatalog() { catalog = *CatalogHistory::read(store, log, head.hasTransactions()); }
    void readRows()
    {
        const auto start = *findReplayStart(store, head, log.readEnd());
        rows = *indexRows(store, log, catalog, head.hasTransactions(), start.source.from);
    }
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const
    {
        return makeSnapshot({}, head, log, catalog, rows);
    }

    MemoryStore store;
    FileHead head;
    LogScan log;
    std::shared_ptr<const CatalogHistory> catalog;
    std::shared_ptr<const RowIndex> rows;
};

/// Scans, and finds everything again by number, place and type.
void scan(Input input)
{
    const Opened file(input);
    const auto length = file.head.fileLength;
    for (const auto &finding : file.log.findings)
        require(finding.offset.value <= length && finding.length <= length - finding.offset.value);
    const LogReader log(file.store, file.log.index);
    const auto total = log.index().segmentCount();
    const auto all = log.segments({0}, total);
    require(all && all->size() == total);
    std::uint64_t ofTypes = 0;
    for (std::size_t i = 0; i < kSegmentTypes; ++i) {
        const auto some = log.segmentsOfType(typeAtIndex(i), 0, total);
        require(some.has_value());
        ofTypes += some->size();
    }
    require(ofTypes == total);
    const auto transactions = log.transactions({0}, log.index().transactionCount());
    require(transactions && transactions->size() == log.index().transactionCount());
    if (total > 0) {
        const auto &last = all->back();
        require(log.segmentAt(last.offset).value()->no == last.no);
        require(last.end().value <= length);
    }
    require(findLogCut(file.store, file.log).has_value());
    require(manifestRefusal(file.store, file.head).has_value());
}

/// Replays, and reads every row, its versions and its indexes.
void replay(Input input)
{
    Opened file(input);
    file.readCatalog();
    file.readRows();
    const auto snapshot = file.snapshot();
    const auto preview = previewOpens(file.store, file.head, file.log, file.catalog);
    require(preview.has_value());
    RowReader reader(file.store, snapshot);
    for (const auto &[id, rows] : file.rows->collections()) {
        std::uint64_t seen = 0;
        const auto scanned = reader.scan(rows.live, [&](const RowPayload &row) {
            require(row.decoder.decode(row.bytes, row.at).has_value());
            ++seen;
            return true;
        });
        require(scanned.has_value() && seen == rows.live.size());
        if (seen > 0)
            require(reader.history(rows.live.at(seen / 2), 16).has_value());
    }
    if (preview->replay)
        require(checkIndexes(file.store, snapshot, preview->replay->indexes).has_value());
    const LogReader log(file.store, file.log.index);
    const auto summarized = log.forEach({0}, [&](const Segment &segment) {
        require(summarize(file.store, segment, file.catalog.get()).has_value());
        return true;
    });
    require(summarized.has_value());
}

void checkFile(Input input)
{
    Opened file(input);
    const auto quick = check(file.store, *file.snapshot(), CheckDepth::Quick);
    file.readCatalog();
    const auto full = check(file.store, *file.snapshot(), CheckDepth::Full);
    require(quick.has_value() && full.has_value());
    for (const auto &finding : full->findings)
        require(finding.what.offset.value <= file.head.fileLength
                && finding.what.length <= file.head.fileLength - finding.what.offset.value);
    if (file.head.fileLength == 0) // which is no database, and opens
        return;
    // An error is what stops the engine, and nothing else is.
    const auto strict = previewOpens(file.store, file.head, file.log, file.catalog).value().strict;
    require((full->count(Severity::Error) > 0) == strict.has_value());
}

void explain(Input input)
{
    Opened file(input);
    file.readCatalog();
    const Explainer explainer(file.store, file.snapshot());
    const Offset end{file.head.fileLength};
    Offset reached{0};
    const auto told = explainer.forEach(Offset{0}, end, [&](const FieldNode &piece) {
        reached = requireTiles(piece, reached);
        return true;
    });
    require(told.has_value() && reached == end);
    if (end.value > 0)
        require(explainer.at(Offset{end.value - 1}).has_value());
    require(coverage(explainer).has_value());
}

constexpr std::array<Target, 16> kTargets{{
    {"header", header},
    {"superblock", superblock},
    {"segment_header", decodeAndBack<SegmentHeader>},
    {"manifest", decodeAndBack<Manifest>},
    {"marker", decodeAndBack<TransactionMarker>},
    {"catalog_entry", decodeAndBack<CatalogEntry>},
    {"record", record},
    {"index", decodeAndBack<IndexChanges>},
    {"checkpoint", decodeAndBack<Checkpoint>},
    {"filter", filter},
    {"pattern", pattern},
    {"condition", condition},
    {"scan", scan, true},
    {"replay", replay, true},
    {"check", checkFile, true},
    {"explain", explain, true},
}};

// --- Seeds ---

Bytes bytesOf(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::vector<Bytes> seedsOf(std::span<const std::string_view> texts)
{
    std::vector<Bytes> all;
    for (const auto text : texts)
        all.push_back(bytesOf(text));
    return all;
}

/// Payloads of a type, of all files; for records behind the schema that they have.
std::vector<Bytes> payloadsOf(SegmentType type)
{
    std::set<Bytes> all;
    for (const auto &name : test::corpusNames()) {
        const MemoryStore store(test::corpusFile(name).bytes());
        const auto head = *readFileHead(store);
        const auto log = *scanLog(store, head.fileLength, {.framed = head.hasTransactions()});
        Bytes schema;
        std::ignore = LogReader(store, log.index).forEach({0}, [&](const Segment &segment) {
            const auto bytes = store.view().subspan(segment.payloadOffset().value,
                                                    static_cast<std::size_t>(segment.header.payloadLength));
            if (segment.header.type == SegmentType::Schema)
                schema.assign(bytes.begin(), bytes.end());
            if (segment.header.type != type || bytes.size() > 8192)
                return true;
            Bytes seed;
            if (type == SegmentType::Record) {
                seed = {static_cast<std::byte>(schema.size() & 0xFFU), static_cast<std::byte>(schema.size() >> 8U)};
                seed.insert(seed.end(), schema.begin(), schema.end());
            }
            seed.insert(seed.end(), bytes.begin(), bytes.end());
            all.insert(seed);
            return true;
        });
    }
    return {all.begin(), all.end()};
}

} // namespace

std::span<const Target> targets()
{
    return kTargets;
}

const Target *targetNamed(std::string_view name)
{
    const auto found = std::ranges::find(kTargets, name, &Target::name);
    return found != kTargets.end() ? &*found : nullptr;
}

std::vector<Bytes> seeds(const Target &target)
{
    static constexpr std::array kFilters = std::to_array<std::string_view>({
        "type == record and collection == \"books\" and key contains \"une\"",
        "operation in {replace, delete} or crc == bad",
        "not transaction and length > 0x1000 or number in 100..200",
        "key == 1.5 or (offset <= 12 and txn != 3)",
    });
    static constexpr std::array kPatterns = std::to_array<std::string_view>({
        std::string_view("\x00une\0Dune one UNE", 17),
        std::string_view("\x01"
                         "de ad ?? ?f\0\xde\xad\xbe\xef",
                         17),
        std::string_view("\xe2"
                         "0x1234",
                         7),
        std::string_view("\x13"
                         "1.5e3",
                         6),
        std::string_view("\x04"
                         "(a|b)+c$\0aabc\nabc",
                         18),
    });
    static constexpr std::array kConditions = std::to_array<std::string_view>(
        {">= 12", "~ ^a.*b$", "is none", "!= 2024-02-29T12:00:00.5Z", "= 123e4567-e89b-12d3-a456-426614174000",
         "-9223372036854775808", "1e-300", "deadbeef", "true", "1: FLOCK  ADVISORY  READ 1234 08:01:5678 0 EOF\n",
         "lock:\t1: FLOCK  ADVISORY  WRITE 1 fe:00:12 0 EOF\n"});

    if (target.isFile) {
        std::vector<Bytes> files;
        for (const auto &name : test::corpusNames()) {
            auto file = packed(test::corpusFile(name).bytes());
            if (file.size() <= 16 * 1024)
                files.push_back(std::move(file));
        }
        return files;
    }
    if (target.name == "filter")
        return seedsOf(kFilters);
    if (target.name == "pattern")
        return seedsOf(kPatterns);
    if (target.name == "condition")
        return seedsOf(kConditions);
    if (target.name == "header" || target.name == "superblock") {
        std::set<Bytes> heads;
        for (const auto &name : test::corpusNames()) {
            const auto file = packed(test::corpusFile(name).bytes());
            const auto part = std::span(file).subspan(
                target.name == "header" ? 0 : std::min(file.size(), std::size_t{FileHeader::kSize}));
            const auto size = std::min(part.size(), target.name == "header" ? FileHeader::kSize : kPackedSlot);
            heads.emplace(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(size));
        }
        return {heads.begin(), heads.end()};
    }
    if (target.name == "segment_header")
        return {SegmentHeader{.type = SegmentType::Record, .payloadLength = 97, .payloadCrc = 0x12345678}.encode()};
    constexpr std::array<std::pair<std::string_view, SegmentType>, 6> kPayloads{{
        {"manifest", SegmentType::Manifest},
        {"marker", SegmentType::TxnBegin},
        {"catalog_entry", SegmentType::Schema},
        {"record", SegmentType::Record},
        {"index", SegmentType::Index},
        {"checkpoint", SegmentType::Checkpoint},
    }};
    return payloadsOf(
        std::ranges::find(kPayloads, target.name, &std::pair<std::string_view, SegmentType>::first)->second);
}

} // namespace modelvault::fuzz
