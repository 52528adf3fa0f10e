#pragma once

#include <string>
#include <string_view>

namespace modelvault {

/// Bytes of a file, a path or another process made fit for a terminal or a label: valid UTF-8 stays as it is; control
/// and bidirectional characters become \n, \t, \r or \u{202e}, other bytes \xff, and the backslash \\.
/// What comes out is valid UTF-8 of one line, and no two inputs give the same.
[[nodiscard]] std::string printable(std::string_view bytes);

/// The same for people who look at a window: control characters become their pictures (U+240A for a line feed), other
/// characters without a shape of their own ⟨U+202E⟩, bytes that are no UTF-8 ⟨FF⟩; the backslash stays.
[[nodiscard]] std::string pictured(std::string_view bytes);

} // namespace modelvault
