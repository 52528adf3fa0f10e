#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

/// Places visited, as in a browser: going back and then elsewhere forgets what lay ahead.
template <class Place>
class History {
public:
    static constexpr std::size_t kMost = 200;

    /// Where we are now. A place like the current one is not noted twice.
    void visit(Place place)
    {
        if (!m_places.empty() && m_places[m_at] == place)
            return;
        if (!m_places.empty())
            m_places.resize(m_at + 1);
        m_places.push_back(std::move(place));
        if (m_places.size() > kMost)
            m_places.erase(m_places.begin());
        m_at = m_places.size() - 1;
    }
    /// Instead of the current place: for moves too small to come back from.
    void replace(Place place)
    {
        if (m_places.empty())
            visit(std::move(place));
        else
            m_places[m_at] = std::move(place);
    }

    [[nodiscard]] bool canGoBack() const { return m_at > 0; }
    [[nodiscard]] bool canGoForward() const { return m_at + 1 < m_places.size(); }
    /// The place to show now, if there is one.
    [[nodiscard]] std::optional<Place> back() { return canGoBack() ? std::optional(m_places[--m_at]) : std::nullopt; }
    [[nodiscard]] std::optional<Place> forward()
    {
        return canGoForward() ? std::optional(m_places[++m_at]) : std::nullopt;
    }

private:
    std::vector<Place> m_places;
    std::size_t m_at = 0;
};

} // namespace modelvault::ui
