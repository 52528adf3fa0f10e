#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace modelvault::test {

/// A database that the reference engine wrote, perhaps damaged since, and what that engine says of it.
struct CorpusFile {
    std::string name; ///< without extension
    std::filesystem::path database;
    nlohmann::json said;

    [[nodiscard]] std::vector<std::byte> bytes() const;
};

/// All of them, sorted by name.
[[nodiscard]] std::vector<std::string> corpusNames();
[[nodiscard]] CorpusFile corpusFile(const std::string &name);

} // namespace modelvault::test
