#include "find.h"

#include "inspected.h"
#include "words.h"

#include "printable.h"

#include <algorithm>
#include <array>
#include <format>

namespace modelvault::inspect {
namespace {

constexpr std::size_t kShown = 16; // bytes of a hit

SearchPattern::Made compile(const FindOptions &wanted)
{
    switch (wanted.kind) {
    case FindOptions::Kind::Text:
        return SearchPattern::text(wanted.pattern, {.encoding = wanted.encoding, .matchCase = wanted.matchCase});
    case FindOptions::Kind::Hex:
        return SearchPattern::hex(wanted.pattern);
    case FindOptions::Kind::Integer:
        return SearchPattern::integer(wanted.pattern,
                                      {.bytes = wanted.bytes, .isSigned = wanted.isSigned, .order = wanted.order});
    case FindOptions::Kind::Real:
        return SearchPattern::real(wanted.pattern, {.bytes = wanted.bytes, .order = wanted.order});
    case FindOptions::Kind::Regex:
        break;
    }
    return SearchPattern::regex(wanted.pattern, {.matchCase = wanted.matchCase, .acrossLines = wanted.acrossLines});
}

std::string patternWords(const PatternError &error, const FindOptions &wanted)
{
    switch (error.fault) {
    case PatternFault::Empty:
        return "there is nothing to look for";
    case PatternFault::TooLong:
        return "this is too long: no pattern has more than " + grouped(SearchPattern::kLongest) + " bytes";
    case PatternFault::NotUtf8:
        return std::format("byte {} is no UTF-8; --hex finds bytes that are no text", error.at + 1);
    case PatternFault::NotHex:
        return std::format("character {} is neither a hexadecimal digit nor ?", error.at + 1);
    case PatternFault::HalfByte:
        return std::format("at character {} there is only half a byte", error.at + 1);
    case PatternFault::OnlyWildcards:
        return "this would be found everywhere";
    case PatternFault::NotANumber:
        return "this is no number";
    case PatternFault::DoesNotFit:
        return std::format("this does not fit {} bits{}", wanted.bytes * 8,
                           wanted.kind == FindOptions::Kind::Real ? ""
                               : wanted.isSigned                  ? " with a sign"
                                                                  : " without a sign");
    case PatternFault::NamesLineFeed:
        return "no line has a line feed in it: use --across-lines";
    case PatternFault::TooComplex:
        return "this regular expression would take too much memory or time";
    case PatternFault::BadRegex:
        break;
    }
    return pictured(error.detail);
}

std::string hitLine(const Store &store, const Hit &hit)
{
    std::array<std::byte, kShown> buffer{};
    const auto bytes = std::span(buffer).first(std::min<std::size_t>(kShown, hit.length));
    std::string cells;
    std::string text;
    if (const auto read = store.readExactAt(hit.offset, bytes); !read) {
        cells = words(read.error());
    } else {
        for (const auto byte : bytes) {
            const auto value = std::to_integer<unsigned>(byte);
            cells += std::format("{:02x} ", value);
            text += value >= 0x20 && value < 0x7F ? static_cast<char>(value) : '.';
        }
        if (hit.length > kShown)
            text += "...";
    }
    return std::format("{:#012x} {:>8}  {:<48} {}\n", hit.offset.value, hit.length, cells, text);
}

Result<SearchRange> rangeOf(const Inspected &inspected, SegmentNo no)
{
    return inspected.log().segment(no).transform(
        [](const Segment &segment) { return SearchRange{segment.offset, segment.end()}; });
}

/// A database, scanned only where that is needed.
struct Opened {
    OpenedDatabase database;
    SearchRange range;
};

std::expected<Opened, std::string> open(const Options &options, const FindOptions &wanted)
{
    if (wanted.segment) {
        auto inspected = inspectFile(options);
        if (!inspected)
            return std::unexpected(words(inspected.error()));
        if (wanted.segment->value >= inspected->snapshot->log.index->segmentCount())
            return std::unexpected("it has " + counted(inspected->snapshot->log.index->segmentCount(), "segment")
                                   + ", counted from 0");
        const auto range = rangeOf(*inspected, *wanted.segment);
        if (!range)
            return std::unexpected(words(range.error()));
        return Opened{std::move(inspected->database), *range};
    }
    auto database = openDatabase(options.file, options.lock);
    if (!database)
        return std::unexpected(words(database.error()));
    SearchRange range{{0}, {database->head.fileLength}};
    if (wanted.in) {
        if (wanted.in->begin > range.end)
            return std::unexpected(std::format("it ends before that offset, after {} bytes", grouped(range.end.value)));
        range = {wanted.in->begin, std::min(wanted.in->end, range.end)};
    }
    return Opened{*std::move(database), range};
}

} // namespace

ExitCode find(const Options &options, const FindOptions &wanted, Output output)
{
    const auto pattern = compile(wanted);
    if (!pattern) {
        output.err << "mvinspect: " << patternWords(pattern.error(), wanted) << '\n';
        return kCannot;
    }
    const auto opened = open(options, wanted);
    if (!opened)
        return cannot(options, opened.error(), output);
    const auto &[database, range] = *opened;
    noteBadHeader(options, database.head, output.err);
    noteMissingLock(options, database, output.err);

    auto &out = output.out;
    bool isFirst = true;
    const auto show = [&, &store = *database.store](std::span<const Hit> hits) {
        for (const auto &hit : hits) {
            if (options.json)
                out << std::format("{}\n    {{\"offset\": {}, \"length\": {}}}", isFirst ? "" : ",", hit.offset.value,
                                   hit.length);
            else
                out << hitLine(store, hit);
            isFirst = false;
        }
        out.flush(); // as they are found
    };
    if (options.json)
        out << std::format("{{\n  \"begin\": {},\n  \"end\": {}{}", range.begin.value, range.end.value,
                           wanted.countOnly ? "" : ",\n  \"hits\": [");
    const auto count = findAll(*database.store, range, *pattern, wanted.countOnly ? HitsFound() : HitsFound(show),
                               [&out](std::uint64_t, std::uint64_t) { return out.good(); });
    if (!count)
        return cannot(options, count.error(), output);
    if (options.json)
        out << (wanted.countOnly ? "" : isFirst ? "]" : "\n  ]") << ",\n  \"count\": " << *count << "\n}\n";
    else if (wanted.countOnly)
        out << *count << '\n';
    return kClean;
}

} // namespace modelvault::inspect
