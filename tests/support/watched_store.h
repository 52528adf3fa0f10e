#pragma once

#include "store/store.h"

#include <atomic>
#include <memory>
#include <thread>

namespace modelvault::test {

/// Notices reads by the thread that made it: the one that must not wait for a file.
class WatchedStore final : public Store {
public:
    explicit WatchedStore(std::shared_ptr<Store> base) : m_base(std::move(base)) { }

    [[nodiscard]] bool wasReadByMaker() const { return m_wasReadByMaker; }

    [[nodiscard]] Result<std::uint64_t> length() const override
    {
        note();
        return m_base->length();
    }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        note();
        return m_base->readExactAt(offset, into);
    }
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override
    {
        return m_base->writeAllAt(offset, bytes);
    }
    [[nodiscard]] Result<void> sync() override { return m_base->sync(); }
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override { return m_base->truncate(length); }

private:
    void note() const
    {
        if (std::this_thread::get_id() == m_maker)
            m_wasReadByMaker = true;
    }

    const std::shared_ptr<Store> m_base;
    const std::thread::id m_maker = std::this_thread::get_id();
    mutable std::atomic<bool> m_wasReadByMaker = false;
};

} // namespace modelvault::test
