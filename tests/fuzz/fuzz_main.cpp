// The one program that all fuzzers are: libFuzzer calls what MODELVAULT_FUZZ_TARGET names. `./dev fuzz` starts it.
//
// MODELVAULT_FUZZ_TARGET a target; or `list`, to print targets and modes
// MODELVAULT_FUZZ_MODE   of targets that are fed with files: `repair` makes checksums right after each mutation,
// `ignore`
//                        takes them for right, `plain` (as for all others) does neither
// MODELVAULT_FUZZ_SEEDS  write what to begin with to this folder, and end
// MODELVAULT_FUZZ_BUG    plant a bug

#include "format/fuzz_switches.h"
#include "fuzz/packed_file.h"
#include "fuzz/targets.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);
std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t room);
std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t room, unsigned seed);
}

namespace {

using namespace modelvault;

const fuzz::Target *s_target = nullptr;
bool s_repairs = false;

std::string_view setting(const char *name)
{
    const auto *value = std::getenv(name);
    return value != nullptr ? value : "";
}

[[noreturn]] void misused(std::string_view what)
{
    std::cerr << what << '\n';
    std::exit(2);
}

/// A line for each target and each mode that is worth it.
void printTargets()
{
    for (const auto &target : fuzz::targets())
        for (const auto *mode : target.isFile ? std::vector{"repair", "ignore"} : std::vector{"plain"})
            std::cout << target.name << ' ' << mode << '\n';
}

void writeSeeds(const std::filesystem::path &folder)
{
    std::filesystem::create_directories(folder);
    std::size_t number = 0;
    for (const auto &seed : fuzz::seeds(*s_target)) {
        std::ofstream file(folder / std::format("seed-{:03}", number++), std::ios::binary);
        file.write(reinterpret_cast<const char *>(seed.data()), static_cast<std::streamsize>(seed.size()));
    }
}

} // namespace

int LLVMFuzzerInitialize(int * /*argc*/, char *** /*argv*/)
{
    const auto wanted = setting("MODELVAULT_FUZZ_TARGET");
    if (wanted == "list") {
        printTargets();
        std::exit(0);
    }
    s_target = fuzz::targetNamed(wanted);
    if (s_target == nullptr)
        misused("MODELVAULT_FUZZ_TARGET names no target; `list` lists them");
    const auto mode = setting("MODELVAULT_FUZZ_MODE");
    s_repairs = mode == "repair";
    fuzz::s_ignoresChecksums = mode == "ignore";
    fuzz::s_hasPlantedBug = !setting("MODELVAULT_FUZZ_BUG").empty();
    if (!mode.empty() && mode != "plain" && !(s_target->isFile && (s_repairs || fuzz::s_ignoresChecksums)))
        misused("MODELVAULT_FUZZ_MODE is no mode of this target");
    if (const auto folder = setting("MODELVAULT_FUZZ_SEEDS"); !folder.empty()) {
        writeSeeds(folder);
        std::exit(0);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    s_target->run({reinterpret_cast<const std::byte *>(data), size});
    return 0;
}

std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t room, unsigned seed)
{
    if (!s_target->isFile)
        return LLVMFuzzerMutate(data, size, room);
    auto *bytes = reinterpret_cast<std::byte *>(data);
    std::vector<std::byte> input(bytes, bytes + size);
    fuzz::mutate(
        input, room, seed,
        [](std::byte *part, std::size_t length, std::size_t most) {
            return LLVMFuzzerMutate(reinterpret_cast<std::uint8_t *>(part), length, most);
        },
        s_repairs);
    std::ranges::copy(input, bytes);
    return input.size();
}
