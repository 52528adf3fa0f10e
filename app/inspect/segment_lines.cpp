#include "segment_lines.h"

#include "words.h"

#include "database/segment_summary.h"

#include <format>

namespace modelvault::inspect {
namespace {

Json toJson(const Segment &segment)
{
    Json json = {{"number", segment.no.value},
                 {"offset", segment.offset.value},
                 {"type", segmentTypeName(segment.header.type)},
                 {"payload_len", segment.header.payloadLength},
                 {"payload_crc32c", segment.header.payloadCrc},
                 {"payload_crc_ok", !segment.payloadDamaged}};
    json["transaction"] = segment.transaction ? Json(segment.transaction->value) : Json();
    return json;
}

std::string toText(const Segment &segment, const std::string &what)
{
    const auto transaction = segment.transaction ? std::to_string(segment.transaction->value) : std::string();
    const auto state = segment.payloadDamaged ? "damaged" : "ok";
    return std::format("{:>10}  {:#012x}  {:<10}  {:>12}  {:>8}  {:08x}  {}\n", segment.no.value, segment.offset.value,
                       segmentTypeName(segment.header.type), segment.header.payloadLength, transaction,
                       segment.header.payloadCrc, what.empty() ? state : std::format("{:<7}  {}", state, what));
}

} // namespace

Result<std::optional<SegmentLines::Line>> SegmentLines::of(const Segment &segment, std::span<const std::byte> payload)
{
    const auto passes = m_matcher.passes(segment, payload);
    if (!passes)
        return std::unexpected(passes.error());
    if (!*passes)
        return std::nullopt;
    if (!m_what)
        return Line{.text = m_json ? compact(toJson(segment)) : toText(segment, {})};
    const auto summary = summarize(m_store, segment, m_catalog);
    const auto what = summary ? words(*summary) : words(summary.error());
    const auto fault = summary ? summary->fault : std::optional(summary.error());
    if (!m_json)
        return Line{.text = toText(segment, what), .isSound = !fault};
    auto json = toJson(segment);
    json["what"] = what;
    json["fault"] = fault ? Json(errorName(fault->code)) : Json();
    return Line{.text = compact(json), .isSound = !fault};
}

} // namespace modelvault::inspect
