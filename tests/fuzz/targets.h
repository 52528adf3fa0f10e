#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault::fuzz {

/// What is fed with any bytes: it must end soon, without a fault of memory, and what it checks must hold; what does not
/// ends the program. The fuzzers call it millions of times, the tests with what was found before.
struct Target {
    std::string_view name;
    void (*run)(std::span<const std::byte> input);
    /// The input is a packed file (packed_file.h), so its checksums can be repaired.
    bool isFile = false;
};

[[nodiscard]] std::span<const Target> targets();
/// Null if there is none of that name.
[[nodiscard]] const Target *targetNamed(std::string_view name);

/// To begin with: from the corpus of the reference engine.
[[nodiscard]] std::vector<std::vector<std::byte>> seeds(const Target &target);

} // namespace modelvault::fuzz
