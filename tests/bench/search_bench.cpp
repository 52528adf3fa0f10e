// How fast bytes are found, each figure beside memmem over pread on the same file in the same run: read the `ratio`
// column, the search's speed over that of memmem.

#include "bench_folder.h"
#include "measure.h"

#include "search/search.h"
#include "store/file_store.h"

#include <benchmark/benchmark.h>

#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace modelvault {
namespace {

using namespace std::string_literals;

constexpr std::size_t kLength = 256 * 1024 * 1024;

/// What rows of a database look like: text, small numbers with many zeros, now and then noise. Made once, in the page
/// cache from then on.
const std::filesystem::path &rows()
{
    static const auto path = [] {
        std::mt19937_64 random(1);
        static constexpr std::string_view kWords[] = {"the ", "dune ", "title", "year ", "of ", "e", "sand", "\n"};
        std::string block;
        while (block.size() < 16 * 1024 * 1024) {
            for (auto words = random() % 20; words > 0; --words)
                block += kWords[random() % std::size(kWords)];
            block += static_cast<char>(random() % 32);
            block.append(7, '\0');
            for (auto noise = random() % 32; noise > 0; --noise)
                block += static_cast<char>(random());
        }
        auto made = benchFolder() / "rows";
        std::ofstream file(made, std::ios::binary);
        for (std::size_t written = 0; written < kLength; written += block.size())
            file << block;
        return made;
    }();
    return path;
}

std::uint64_t countByMemmem(int file, std::uint64_t length, std::string_view needle)
{
    constexpr std::size_t kBuffer = 256 * 1024;
    static std::vector<char> buffer(kBuffer);
    std::uint64_t count = 0;
    for (std::uint64_t at = 0; at < length; at += kBuffer - (needle.size() - 1)) {
        const auto size = ::pread(file, buffer.data(), kBuffer, static_cast<off_t>(at));
        if (size < static_cast<ssize_t>(needle.size()))
            break;
        const char *end = buffer.data() + size;
        for (const char *from = buffer.data();;) {
            const auto *hit = ::memmem(from, static_cast<std::size_t>(end - from), needle.data(), needle.size());
            if (hit == nullptr)
                break;
            ++count;
            from = static_cast<const char *>(hit) + 1;
        }
    }
    return count;
}

/// `needle` is what memmem looks for: the same, or what is nearest to it.
void compare(benchmark::State &state, const SearchPattern::Made &pattern, const std::string &needle, bool isSame)
{
    const auto &path = rows();
    const auto store = must(FileStore::openUnlocked(path));
    const auto length = must(store->length());
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    benchmark::DoNotOptimize(countByMemmem(file, length, needle));
    std::vector<double> searches;
    std::vector<double> references;
    for (auto _ : state) {
        std::uint64_t wanted = 0;
        std::uint64_t found = 0;
        references.push_back(secondsOf([&] { wanted = countByMemmem(file, length, needle); }));
        searches.push_back(secondsOf([&] { found = must(findAll(*store, {{0}, {length}}, *pattern, {})); }));
        state.SetIterationTime(searches.back());
        if (isSame ? found != wanted : found < wanted)
            state.SkipWithError("memmem finds something else");
    }
    ::close(file);
    state.counters["GB/s"] = static_cast<double>(length) / median(searches) / 1e9;
    state.counters["ref_GB/s"] = static_cast<double>(length) / median(references) / 1e9;
    state.counters["ratio"] = medianRatio(references, searches); // of speeds
}

void add(const char *name, const SearchPattern::Made &pattern, const std::string &needle, bool isSame = true)
{
    benchmark::RegisterBenchmark(name, compare, pattern, needle, isSame)
        ->UseManualTime()
        ->Iterations(15)
        ->Unit(benchmark::kMillisecond);
}

const bool kAdded = [] {
    add("find/text/a sentence (wanted: ratio 0.5)", SearchPattern::text("A beginning is the time"),
        "A beginning is the time");
    add("find/text/a common word (wanted: ratio 0.5)", SearchPattern::text("dune title"), "dune title");
    add("find/text/two letters (wanted: ratio 0.5)", SearchPattern::text("Qz"), "Qz");
    add("find/text/any case (wanted: ratio 0.5)", SearchPattern::text("a beginning", {.matchCase = false}),
        "a beginning", false);
    add("find/text/three encodings (wanted: ratio 0.5)",
        SearchPattern::text("A beginning", {.encoding = TextEncoding::Any}), "A beginning", false);
    add("find/hex/wildcards (wanted: ratio 0.5)", SearchPattern::hex("de ad ?? ?f"), "\xDE\xAD\x01\x0F", false);
    add("find/number/64 bits (wanted: ratio 0.5)", SearchPattern::integer("1999"), "\xCF\x07\0\0\0\0\0\0"s);
    add("find/regex/literal (wanted: ratio 0.5)", SearchPattern::regex("A beginning"), "A beginning");
    return true;
}();

} // namespace
} // namespace modelvault
