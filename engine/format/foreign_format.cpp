#include "format/foreign_format.h"

#include "utf8.h"

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

/// Whether somebody can read this. The last character may have been cut.
bool isText(std::string_view text)
{
    constexpr std::size_t kLongest = 4; // bytes of a character
    const auto isControl = [](char each) {
        const auto byte = static_cast<unsigned char>(each);
        return byte == 0x7F || (byte < 0x20 && !"\t\n\f\r\x1b"sv.contains(each));
    };
    return !text.empty() && text.size() - validUtf8Prefix(text) < kLongest && std::ranges::none_of(text, isControl);
}

/// Nor is a piece of it, left where writing stopped.
bool beginsAsDatabase(std::string_view text)
{
    constexpr std::string_view kBegin = "TDB0";
    return text.starts_with(kBegin) || kBegin.starts_with(text);
}

} // namespace

ForeignFormat foreignFormat(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    const auto known = std::ranges::find_if(kKnown, [text](const Known &it) { return text.starts_with(it.begins); });
    if (known != kKnown.end())
        return known->format;
    return isText(text) && !beginsAsDatabase(text) ? ForeignFormat::Text : ForeignFormat::None;
}

std::string_view foreignFormatName(ForeignFormat format)
{
    if (format == ForeignFormat::Text)
        return "text";
    const auto known = std::ranges::find(kKnown, format, &Known::format);
    return known == kKnown.end() ? std::string_view() : known->name;
}

} // namespace modelvault
