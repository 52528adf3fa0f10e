#include "support/corpus.h"

#include <algorithm>
#include <fstream>

namespace modelvault::test {

std::vector<std::byte> CorpusFile::bytes() const
{
    std::vector<std::byte> all(std::filesystem::file_size(database));
    std::ifstream(database, std::ios::binary)
        .read(reinterpret_cast<char *>(all.data()), static_cast<std::streamsize>(all.size()));
    return all;
}

std::vector<std::string> corpusNames()
{
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(MODELVAULT_CORPUS))
        if (entry.path().extension() == ".mv")
            names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

CorpusFile corpusFile(const std::string &name)
{
    const auto stem = std::filesystem::path(MODELVAULT_CORPUS) / name;
    std::ifstream said(stem.string() + ".json");
    return {.name = name, .database = stem.string() + ".mv", .said = nlohmann::json::parse(said)};
}

} // namespace modelvault::test
