#include "export/unique_names.h"

#include "utf8.h"

#include <algorithm>
#include <format>
#include <string_view>
#include <utility>

namespace modelvault {
namespace {

char lowered(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

} // namespace

std::string UniqueNames::take(const std::string &name)
{
    if (m_taken.insert(folded(name)).second)
        return name;
    auto &number = m_next.try_emplace(folded(name), 2).first->second;
    for (;;) {
        auto numbered = std::format("{} ({})", name, number++);
        if (m_taken.insert(folded(numbered)).second)
            return numbered;
    }
}

std::string UniqueNames::folded(std::string name) const
{
    if (m_letters == Letters::Fold)
        std::ranges::transform(name, name.begin(), lowered);
    return name;
}

std::string fileNameFor(const std::string &name)
{
    constexpr std::size_t kMost = 200; // of the 255 bytes that file systems take
    constexpr std::string_view kSpecial = R"(/\:*?"<>|)";
    auto made = name.substr(0, std::min(name.size(), kMost));
    if (made.size() < name.size())
        made.resize(validUtf8Prefix(made));
    for (auto &sign : made) {
        const auto code = static_cast<unsigned char>(sign);
        if (code < 0x20 || code == 0x7F || kSpecial.contains(sign))
            sign = '_';
    }
    // Neither hidden nor one of the folder's own names.
    if (made.starts_with('.'))
        made.front() = '_';
    return made;
}

} // namespace modelvault
