#include "sample/bulk.h"

#include "database/database_writer.h"
#include "format/limits.h"
#include "sample/random.h"
#include "sample/schema.h"

#include <algorithm>
#include <array>
#include <format>
#include <string_view>

namespace modelvault::sample {
namespace {

constexpr std::uint32_t kNamedFields = 4; // id, title, year, price

// Fields beyond those with a name, in turn.
constexpr std::array<TypeTag, 5> kTypes{TypeTag::Int64, TypeTag::String, TypeTag::Float64, TypeTag::Optional,
                                        TypeTag::Bool};

constexpr std::array<std::string_view, 8> kWords{"amber", "birch", "cobalt", "delta",
                                                 "ember", "fjord", "garnet", "harbor"};

Result<void> createItems(DatabaseWriter &writer, const BulkOptions &options)
{
    std::vector<FieldDefinition> fields{field({"id"}, TypeTag::Int64), field({"title"}, TypeTag::String),
                                        field({"year"}, TypeTag::Int64), field({"price"}, TypeTag::Float64)};
    for (auto number = kNamedFields; number < options.fields; ++number) {
        const auto tag = kTypes[number % kTypes.size()];
        fields.push_back(field({std::format("field_{:03}", number)},
                               tag == TypeTag::Optional ? optional(TypeTag::String) : type(tag)));
    }
    if (options.payload > 0)
        fields.push_back(field({"payload"}, TypeTag::Bytes));
    return writer.createCollection("items", std::move(fields), {index("by_year", {"year"})}, "id")
        .transform([](std::uint32_t) { });
}

Value furtherValue(std::uint32_t number, Random &random)
{
    const auto word = [&random] { return text(std::string(random.of(kWords))); };
    switch (kTypes[number % kTypes.size()]) {
    case TypeTag::Int64:
        return {random.between(-1'000'000, 1'000'000)};
    case TypeTag::String:
        return word();
    case TypeTag::Float64:
        return {static_cast<double>(random.below(1'000'000)) / 64};
    case TypeTag::Optional:
        return random.oneIn(2) ? none() : some(word());
    default:
        return {random.oneIn(2)};
    }
}

/// `row` is that of the last call: what it has allocated is used again.
void fillRow(RowValues &row, std::uint64_t key, const BulkOptions &options, Random &random)
{
    row.resize(options.fields + (options.payload > 0 ? 1 : 0));
    row[0].data = static_cast<std::int64_t>(key);
    auto &title = row[1].data.index() == 4 ? std::get<std::string>(row[1].data) : row[1].data.emplace<std::string>();
    title = random.of(kWords);
    for (int words = 1; words < 3; ++words) {
        title += ' ';
        title += random.of(kWords);
    }
    row[2].data = random.between(1900, 2025);
    row[3].data = static_cast<double>(random.below(10'000)) / 100;
    for (auto number = kNamedFields; number < options.fields; ++number)
        row[number] = furtherValue(number, random);
    if (options.payload > 0) {
        Value::Bytes bytes(options.payload);
        for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
            const auto some = random.next();
            std::ranges::copy(std::as_bytes(std::span(&some, 1)).first(std::min(sizeof some, bytes.size() - i)),
                              bytes.begin() + static_cast<std::ptrdiff_t>(i));
        }
        row.back().data = std::move(bytes);
    }
}

} // namespace

Result<void> writeBulk(std::unique_ptr<Store> store, const BulkOptions &options)
{
    if (options.batch == 0 || options.fields < kNamedFields || options.fields >= kMaxFields
        || options.payload > kMaxValueBytes)
        return failure(ErrorCode::InvalidInput);
    const bool repeats = options.keys != 0 && options.keys < options.rows;
    auto writer = DatabaseWriter::create(std::move(store),
                                         repeats ? DatabaseWriter::Memory::Rows : DatabaseWriter::Memory::UniqueKeys);
    if (!writer)
        return std::unexpected(writer.error());
    if (auto created = createItems(*writer, options); !created)
        return created;

    Random random(1);
    RowValues row;
    for (std::uint64_t i = 0; i < options.rows; ++i) {
        if (i % options.batch == 0 && options.batch > 1) {
            if (auto begun = writer->begin(); !begun)
                return begun;
        }
        fillRow(row, repeats ? i % options.keys : i, options, random);
        if (auto written = writer->write(1, row); !written)
            return written;
        if (options.batch > 1 && (i % options.batch == options.batch - 1 || i == options.rows - 1)) {
            if (auto committed = writer->commit(); !committed)
                return committed;
        }
    }
    return {};
}

} // namespace modelvault::sample
