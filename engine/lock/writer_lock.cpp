#include "lock/writer_lock.h"

#include <cassert>
#include <map>
#include <utility>

namespace modelvault {

WriterLock::WriterLock(FileLock lockFile) : m_lockFile(std::move(lockFile))
{
    assert(m_lockFile->mode() == LockMode::Exclusive);
}

bool WriterLock::isHeld() const
{
    const std::scoped_lock lock(m_mutex);
    return m_lockFile.has_value();
}

void WriterLock::release()
{
    const std::scoped_lock lock(m_mutex);
    m_lockFile.reset();
}

struct WriterTurn::Slot {
    int turns = 0;                    // had or awaited; guarded by the table's mutex
    std::mutex turn;                  // held by the WriterTurn; guards what follows
    std::weak_ptr<WriterLock> writer; // counted by those who share it
};

/// The engine's only global: who writes what is a fact about the process.
class WriterTurn::Table {
public:
    static Table &ofThisProcess()
    {
        static Table s_table;
        return s_table;
    }

    Slot &arrive(FileIdentity database)
    {
        const std::scoped_lock lock(m_mutex);
        auto &slot = m_slots[database];
        ++slot.turns;
        return slot;
    }

    void leave(Slot &left)
    {
        const std::scoped_lock lock(m_mutex);
        --left.turns;
        std::erase_if(m_slots, [](const auto &entry) {
            const auto &slot = entry.second;
            return slot.turns == 0 && slot.writer.expired();
        });
    }

private:
    std::mutex m_mutex; // guards the slots; never held while waiting for a turn
    std::map<FileIdentity, Slot> m_slots;
};

WriterTurn::WriterTurn(FileIdentity database) : m_slot(Table::ofThisProcess().arrive(database)), m_turn(m_slot.turn) { }

WriterTurn::~WriterTurn()
{
    m_turn.unlock();
    Table::ofThisProcess().leave(m_slot);
}

std::shared_ptr<WriterLock> WriterTurn::writer() const
{
    auto writer = m_slot.writer.lock();
    return writer && writer->isHeld() ? writer : nullptr;
}

std::shared_ptr<WriterLock> WriterTurn::enter(FileLock lockFile)
{
    assert(!writer());
    auto entered = std::make_shared<WriterLock>(std::move(lockFile));
    m_slot.writer = entered;
    return entered;
}

} // namespace modelvault
