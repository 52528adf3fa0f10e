#include "faults/failing_new.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace modelvault::test {
namespace {

struct Plan {
    bool isArmed = false;
    bool forEver = false;
    std::uint64_t passing = 0;
    std::uint64_t count = 0;
};
constinit thread_local Plan s_plan;
constinit std::atomic<std::int64_t> s_live = 0;

bool passes()
{
    auto &plan = s_plan;
    if (!plan.isArmed)
        return true;
    const auto number = plan.count++;
    return plan.forEver ? number < plan.passing : number != plan.passing;
}

void *allocate(std::size_t size, std::size_t alignment) noexcept
{
    if (!passes())
        return nullptr;
    size = size == 0 ? 1 : size;
    void *memory = alignment <= alignof(std::max_align_t)
        ? std::malloc(size)
        : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory != nullptr)
        s_live.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

void *allocateOrThrow(std::size_t size, std::size_t alignment)
{
    auto *memory = allocate(size, alignment);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

void release(void *memory) noexcept
{
    if (memory != nullptr)
        s_live.fetch_sub(1, std::memory_order_relaxed);
    std::free(memory);
}

} // namespace

FailingNew::FailingNew(std::uint64_t passing, Failing how)
{
    s_plan = {.isArmed = true, .forEver = how == Failing::ForEver, .passing = passing, .count = 0};
}

FailingNew::~FailingNew()
{
    s_plan.isArmed = false;
}

std::uint64_t FailingNew::count() const
{
    return s_plan.count;
}

std::int64_t liveAllocations()
{
    return s_live;
}

} // namespace modelvault::test

// The other forms call the first ones in libstdc++, but not under the address sanitizer.

void *operator new(std::size_t size)
{
    return modelvault::test::allocateOrThrow(size, 1);
}
void *operator new(std::size_t size, std::align_val_t alignment)
{
    return modelvault::test::allocateOrThrow(size, static_cast<std::size_t>(alignment));
}
void *operator new(std::size_t size, const std::nothrow_t &) noexcept
{
    return modelvault::test::allocate(size, 1);
}
void *operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t &) noexcept
{
    return modelvault::test::allocate(size, static_cast<std::size_t>(alignment));
}
void *operator new[](std::size_t size)
{
    return modelvault::test::allocateOrThrow(size, 1);
}
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept
{
    return modelvault::test::allocate(size, 1);
}
void operator delete[](void *memory) noexcept
{
    modelvault::test::release(memory);
}
void operator delete[](void *memory, std::size_t) noexcept
{
    modelvault::test::release(memory);
}
void operator delete(void *memory) noexcept
{
    modelvault::test::release(memory);
}
void operator delete(void *memory, std::size_t) noexcept
{
    modelvault::test::release(memory);
}
void operator delete(void *memory, std::align_val_t) noexcept
{
    modelvault::test::release(memory);
}
void operator delete(void *memory, std::size_t, std::align_val_t) noexcept
{
    modelvault::test::release(memory);
}
