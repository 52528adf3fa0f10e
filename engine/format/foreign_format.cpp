#include "format/foreign_format.h"

#include <algorithm>
#include <array>

namespace modelvault {
namespace {

using namespace std::string_view_literals;

struct Known {
    std::string_view begins;
    ForeignFormat format;
    std::string_view name;
};

constexpr std::array kKnown{
    Known{"SQLite format 3\0"sv, ForeignFormat::Sqlite, "SQLite database"},
    Known{"\x89PNG\r\n\x1a\n"sv, ForeignFormat::Png, "PNG image"},
    Known{"\xff\xd8\xff"sv, ForeignFormat::Jpeg, "JPEG image"},
    Known{"%PDF-"sv, ForeignFormat::Pdf, "PDF document"},
    Known{"PK\x03\x04"sv, ForeignFormat::Zip, "ZIP archive"},
    Known{"\x1f\x8b"sv, ForeignFormat::Gzip, "gzip archive"},
    Known{"\x28\xb5\x2f\xfd"sv, ForeignFormat::Zstandard, "Zstandard archive"},
    Known{"\x7f"
          "ELF"sv,
          ForeignFormat::Elf, "ELF program"},
};

} // namespace

ForeignFormat foreignFormat(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    const auto known = std::ranges::find_if(kKnown, [text](const Known &it) { return text.starts_with(it.begins); });
    return known == kKnown.end() ? ForeignFormat::None : known->format;
}

std::string_view foreignFormatName(ForeignFormat format)
{
    const auto known = std::ranges::find(kKnown, format, &Known::format);
    return known == kKnown.end() ? std::string_view() : known->name;
}

} // namespace modelvault
