#pragma once

#include <cstdint>
#include <format>
#include <map>
#include <string>

namespace modelvault::soak {

/// What the rows of the database are after the n-th commit: known without looking into it.
class WordsModel {
public:
    using Rows = std::map<std::string, std::uint64_t>;

    struct Change {
        std::string key;
        std::uint64_t count = 0;
        bool deletes = false;
    };
    [[nodiscard]] static Change change(std::uint64_t commit)
    {
        auto mixed = commit * 0x9E3779B97F4A7C15U;
        mixed ^= mixed >> 29U;
        return {.key = std::format("word {}", mixed % 400), .count = commit, .deletes = mixed / 400 % 5 == 0};
    }

    void advanceTo(std::uint64_t commit)
    {
        while (m_commits < commit) {
            const auto next = change(++m_commits);
            if (next.deletes)
                m_rows.erase(next.key);
            else
                m_rows[next.key] = next.count;
        }
    }

    [[nodiscard]] const Rows &rows() const { return m_rows; }
    [[nodiscard]] std::uint64_t commits() const { return m_commits; }

    [[nodiscard]] static std::uint64_t digest(const Rows &rows)
    {
        std::uint64_t digest = 0xCBF29CE484222325U;
        const auto add = [&digest](unsigned char byte) { digest = (digest ^ byte) * 0x100000001B3U; };
        for (const auto &[key, count] : rows) {
            for (const char c : std::format("{}={};", key, count))
                add(static_cast<unsigned char>(c));
        }
        return digest;
    }

private:
    Rows m_rows;
    std::uint64_t m_commits = 0;
};

} // namespace modelvault::soak
