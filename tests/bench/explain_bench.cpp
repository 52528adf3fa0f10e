// What it costs that every decoder can tell a trace what it reads: nothing, as long as nobody listens. Each loop runs
// beside one written by hand that checks the same rules and knows of no trace. Read the ratios: medians over pairs that
// were measured alternately, time over that of the loop by hand; `ratio_traced` is the same loop with somebody
// listening.

#include "measure.h"

#include "format/crc32c.h"
#include "format/record.h"
#include "format/segment.h"
#include "utf8.h"

#include <benchmark/benchmark.h>

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace modelvault {
namespace {

/// Hears all, and does as little with it as can be.
class Listener final : public FieldTrace {
public:
    void field(const Field &, Offset, Offset, FieldValue) override { ++m_heard; }
    void padding(const Field &, Offset, Offset, std::span<const std::byte>) override { ++m_heard; }
    void missing(const Field &, Offset, std::uint64_t, std::uint64_t) override { ++m_heard; }
    void judge(const Rule &) override { ++m_heard; }
    void open(std::string_view) override { ++m_heard; }
    void close() override { ++m_heard; }
    void label(std::string_view) override { ++m_heard; }
    void value(FieldKind, FieldValue) override { ++m_heard; }
    void fault(const Error &) override { ++m_heard; }

    [[nodiscard]] std::uint64_t heard() const { return m_heard; }

private:
    std::uint64_t m_heard = 0;
};

/// Each loop goes through all of it and returns a number that depends on what it read.
template <class Plain, class Traced, class ByHand>
void compare(benchmark::State &state, std::size_t items, const Plain &plain, const Traced &traced, const ByHand &byHand)
{
    std::vector<double> plains;
    std::vector<double> traceds;
    std::vector<double> references;
    std::uint64_t sum = 0;
    std::uint64_t expected = 0;
    for (auto _ : state) {
        references.push_back(cpuSecondsOf([&] { expected = byHand(); }));
        plains.push_back(cpuSecondsOf([&] { sum = plain(); }));
        std::uint64_t heard = 0;
        traceds.push_back(cpuSecondsOf([&] { heard = traced(); }));
        state.SetIterationTime(plains.back());
        if (sum != expected || heard == 0)
            state.SkipWithError("the loops do not read the same");
    }
    state.counters["ratio"] = medianRatio(plains, references);
    state.counters["ratio_traced"] = medianRatio(traceds, references);
    state.SetItemsProcessed(static_cast<std::int64_t>(items) * state.iterations());
}

template <class T>
T valueAt(const std::byte *at)
{
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

// --- Headers of segments, as the scan reads them ---

void segmentHeaders(benchmark::State &state)
{
    constexpr std::size_t kHeaders = 500'000;
    std::vector<std::byte> bytes;
    bytes.reserve(kHeaders * SegmentHeader::kSize);
    for (std::size_t i = 0; i < kHeaders; ++i) {
        SegmentHeader header{};
        header.type = typeAtIndex(i % kSegmentTypes);
        header.payloadLength = i;
        const auto encoded = header.encode();
        bytes.insert(bytes.end(), encoded.begin(), encoded.end());
    }
    // Without a trace the decoder is called as the scan calls it, which leaves nothing of it.
    const auto decodeAll = [&bytes](auto... trace) {
        std::uint64_t sum = 0;
        SegmentHeader header;
        Error fault{};
        for (std::size_t i = 0; i < kHeaders; ++i) {
            const auto at = i * SegmentHeader::kSize;
            if (SegmentHeader::decodeInto(header, fault, std::span(bytes).subspan(at, SegmentHeader::kSize), {at},
                                          trace...))
                sum += header.payloadLength + static_cast<std::uint64_t>(header.type);
        }
        return sum;
    };
    compare(
        state, kHeaders, [&] { return decodeAll(); },
        [&] {
            Listener listener;
            FieldTrace *trace = &listener;
            benchmark::DoNotOptimize(trace); // somebody, not this one
            decodeAll(trace);
            return listener.heard();
        },
        [&bytes] {
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < kHeaders; ++i) {
                const auto *header = bytes.data() + i * SegmentHeader::kSize;
                const auto type = valueAt<std::uint16_t>(header + 6);
                const bool isWhole = valueAt<std::uint32_t>(header) == SegmentHeader::kMagic
                    && valueAt<std::uint16_t>(header + 4) == 0 && type >= 1 && type <= kSegmentTypes
                    && valueAt<std::uint32_t>(header + 8) == SegmentHeader::kSize && header[24] == std::byte{0}
                    && valueAt<std::uint32_t>(header + 28) == crc32c({header, SegmentHeader::kChecksumAt});
                if (isWhole)
                    sum += valueAt<std::uint64_t>(header + 12) + type;
            }
            return sum;
        });
}
BENCHMARK(segmentHeaders)
    ->Name("explain/segment_headers")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(31);

// --- Records, as a replay checks them ---

const std::vector<FieldDefinition> &fields()
{
    static const std::vector<FieldDefinition> all{
        {{{"title"}}, {.tag = TypeTag::String}, {}}, {{{"author"}}, {.tag = TypeTag::String}, {}},
        {{{"year"}}, {.tag = TypeTag::Int64}, {}},   {{{"price"}}, {.tag = TypeTag::Float64}, {}},
        {{{"lent"}}, {.tag = TypeTag::Bool}, {}},    {{{"added"}}, {.tag = TypeTag::Timestamp}, {}}};
    return all;
}

Record recordNo(std::int64_t i)
{
    Record record;
    record.head.payloadVersion = Record::kVersionValues;
    record.head.collectionId = 1;
    record.head.schemaVersion = 1;
    record.head.key = {"The book of the number " + std::to_string(i)};
    const auto add = [&record](const char *name, Value value) {
        record.fields.push_back({.path = {{name}}, .value = std::move(value)});
    };
    add("author", {std::string("Somebody who wrote it")});
    add("year", {i});
    add("price", {0.5});
    add("lent", {i % 2 == 0});
    add("added", {Timestamp{i}});
    return record;
}

/// What RecordDecoder::check() looks at, for records of these fields alone.
class ByHand {
public:
    explicit ByHand(std::span<const std::byte> payload) : m_left(payload) { }

    std::optional<std::uint8_t> operation()
    {
        const auto version = number<std::uint16_t>();
        m_isWhole &= version == Record::kVersionValues;
        std::ignore = number<std::uint32_t>();
        std::ignore = number<std::uint32_t>();
        const auto operation = number<std::uint8_t>();
        text(); // the key
        m_isWhole &= number<std::uint32_t>() == fields().size() - 1;
        text();
        tagged<std::uint64_t>(TypeTag::Int64);
        tagged<std::uint64_t>(TypeTag::Float64);
        tagged<std::uint8_t>(TypeTag::Bool);
        tagged<std::uint64_t>(TypeTag::Timestamp);
        return m_isWhole && m_left.empty() ? std::optional(operation) : std::nullopt;
    }

private:
    template <class T>
    T number()
    {
        if (m_left.size() < sizeof(T)) {
            m_isWhole = false;
            m_left = {};
            return {};
        }
        const auto value = valueAt<T>(m_left.data());
        m_left = m_left.subspan(sizeof(T));
        return value;
    }
    template <class T>
    void tagged(TypeTag tag)
    {
        m_isWhole &= number<std::uint8_t>() == static_cast<std::uint8_t>(tag);
        std::ignore = number<T>();
    }
    void text()
    {
        m_isWhole &= number<std::uint8_t>() == static_cast<std::uint8_t>(TypeTag::String);
        const auto length = number<std::uint32_t>();
        if (length > m_left.size()) {
            m_isWhole = false;
            m_left = {};
            return;
        }
        const std::string_view view(reinterpret_cast<const char *>(m_left.data()), length);
        m_isWhole &= validUtf8Prefix(view) == view.size();
        m_left = m_left.subspan(length);
    }

    std::span<const std::byte> m_left;
    bool m_isWhole = true;
};

void records(benchmark::State &state)
{
    constexpr std::size_t kRecords = 100'000;
    std::vector<std::vector<std::byte>> payloads;
    for (std::size_t i = 0; i < kRecords; ++i)
        payloads.push_back(recordNo(static_cast<std::int64_t>(i)).encode());
    const RecordLayout layout{.fields = fields(), .primaryField = "title", .schemaVersion = 1};
    const RecordDecoder decoder(layout);
    compare(
        state, kRecords,
        [&] {
            std::uint64_t sum = 0;
            for (const auto &payload : payloads) {
                if (const auto outline = decoder.check(payload, {}))
                    sum += outline->operation;
            }
            return sum;
        },
        [&] {
            Listener listener;
            for (const auto &payload : payloads)
                std::ignore = Record::decode(payload, {}, [&](auto, auto) { return std::optional(layout); }, &listener);
            return listener.heard();
        },
        [&] {
            std::uint64_t sum = 0;
            for (const auto &payload : payloads)
                sum += ByHand(payload).operation().value_or(0);
            return sum;
        });
}
BENCHMARK(records)->Name("explain/records")->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(31);

} // namespace
} // namespace modelvault
