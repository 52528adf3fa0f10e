#pragma once

#include <compare>
#include <memory>
#include <string>
#include <utility>

namespace modelvault {

/// A name that a file gives once and that many values refer to: copies share the text, which may be long.
/// Never changes, so any number of threads.
class SharedText {
public:
    SharedText() = default;
    SharedText(std::string text) : m_text(std::make_shared<const std::string>(std::move(text))) { }
    SharedText(const char *text) : SharedText(std::string(text)) { }

    /// Lives as long as any of the copies.
    [[nodiscard]] const std::string &str() const
    {
        static const std::string kNone;
        return m_text != nullptr ? *m_text : kNone;
    }

    friend bool operator==(const SharedText &a, const SharedText &b)
    {
        return a.m_text == b.m_text || a.str() == b.str();
    }
    friend std::strong_ordering operator<=>(const SharedText &a, const SharedText &b)
    {
        return a.m_text == b.m_text ? std::strong_ordering::equal : a.str() <=> b.str();
    }

private:
    std::shared_ptr<const std::string> m_text;
};

} // namespace modelvault
