#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace modelvault {

/// Gives each name once: one that is taken gets a number behind it, as in "name (2)".
class UniqueNames {
public:
    enum class Letters : std::uint8_t {
        Differ, ///< "a" and "A" are two names
        Fold,   ///< they are one, as to SQLite and to many file systems
    };

    explicit UniqueNames(Letters letters) : m_letters(letters) { }

    [[nodiscard]] std::string take(const std::string &name);

private:
    [[nodiscard]] std::string folded(std::string name) const;

    const Letters m_letters;
    std::unordered_set<std::string> m_taken;
    std::unordered_map<std::string, std::uint64_t> m_next; // numbers to be tried, by the name without one
};

/// A name as a file in a folder can have it, on any system: separators, controls and signs with a meaning become "_",
/// and it is short enough for an extension.
[[nodiscard]] std::string fileNameFor(const std::string &name);

} // namespace modelvault
