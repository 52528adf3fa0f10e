#include "lock/proc_locks.h"

#include <gtest/gtest.h>

#include <string>

namespace modelvault {

void PrintTo(const ProcLock &lock, std::ostream *out)
{
    *out << (lock.mode == LockMode::Shared ? "shared " : "exclusive ") << lock.processId << ' ' << lock.deviceMajor
         << ':' << lock.deviceMinor << ':' << lock.inode;
}

namespace {

constexpr ProcLock kWriteLock{
    .mode = LockMode::Exclusive, .processId = 13860, .deviceMajor = 0xfe, .deviceMinor = 0, .inode = 10952746};

TEST(ProcLocks, ReadsTheLineOfALock)
{
    EXPECT_EQ(parseLockLine("1: FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF"), kWriteLock);
    EXPECT_EQ(parseLockLine("27: FLOCK  ADVISORY  READ 7 08:1f:42 0 EOF"),
              (ProcLock{.mode = LockMode::Shared, .processId = 7, .deviceMajor = 8, .deviceMinor = 0x1f, .inode = 42}));
}

TEST(ProcLocks, ReadsDevicesAndInodesOfAnySize)
{
    EXPECT_EQ(parseLockLine("1: FLOCK  ADVISORY  READ 7 103:fffff:18446744073709551615 0 EOF"),
              (ProcLock{.mode = LockMode::Shared,
                        .processId = 7,
                        .deviceMajor = 0x103,
                        .deviceMinor = 0xfffff,
                        .inode = 18446744073709551615U}));
}

TEST(ProcLocks, TakesAProcessThatIsNotNamedAsUnknown)
{
    EXPECT_EQ(parseLockLine("1: FLOCK  ADVISORY  WRITE -1 fe:00:10952746 0 EOF")->processId, 0);
    EXPECT_EQ(parseLockLine("1: FLOCK  ADVISORY  WRITE 0 fe:00:10952746 0 EOF")->processId, 0);
}

TEST(ProcLocks, SkipsThoseWhoWait)
{
    EXPECT_EQ(parseLockLine("1: -> FLOCK  ADVISORY  WRITE 13861 fe:00:10952746 0 EOF"), std::nullopt);
}

TEST(ProcLocks, SkipsLocksOfOtherKinds)
{
    EXPECT_EQ(parseLockLine("1: POSIX  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF"), std::nullopt);
    EXPECT_EQ(parseLockLine("1: OFDLCK ADVISORY  WRITE -1 fe:00:10952746 0 EOF"), std::nullopt);
    EXPECT_EQ(parseLockLine("1: LEASE  ACTIVE    READ 13860 fe:00:10952746 0 EOF"), std::nullopt);
    EXPECT_EQ(parseLockLine("1: FLOCK  MSNFS     RW    13860 fe:00:10952746 0 EOF"), std::nullopt);
    EXPECT_EQ(parseLockLine("1: FLOCK  ADVISORY  UNLCK 13860 fe:00:10952746 0 EOF"), std::nullopt);
}

TEST(ProcLocks, SkipsWhatIsNoLineOfALock)
{
    for (const std::string_view line : {
             "",
             " ",
             "\t\r",
             ":",
             "1:",
             "one: FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF",
             "1 FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF",
             "FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF",
             "1: FLOCK",
             "1: FLOCK  ADVISORY  WRITE",
             "1: FLOCK  ADVISORY  WRITE 13860",
             "1: FLOCK  ADVISORY  WRITE 13860 fe:00",
             "1: FLOCK  ADVISORY  WRITE 13860 fe:00:",
             "1: FLOCK  ADVISORY  WRITE 13860 <none>:0 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 13860 fe:00:10952746x 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 13860 fe:00:-1 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 13860 fg:00:10952746 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 13860 fe::10952746 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 13860 1ffffffff:00:10952746 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 13860 fe:00:18446744073709551616 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 99999999999999999999 fe:00:10952746 0 EOF",
             "1: FLOCK  ADVISORY  WRITE 1 3860 fe:00:10952746 0 EOF",
         })
        EXPECT_EQ(parseLockLine(line), std::nullopt) << line;
    EXPECT_EQ(parseLockLine(std::string_view("1: FLOCK\0ADVISORY WRITE 13860 fe:00:1 0 EOF", 43)), std::nullopt);
}

TEST(ProcLocks, FindsTheHeldOnesInTheTable)
{
    const auto locks = parseLockTable("1: POSIX  ADVISORY  READ 800 00:19:3 128 128\n"
                                      "2: FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF\n"
                                      "2: -> FLOCK  ADVISORY  WRITE 13861 fe:00:10952746 0 EOF\n"
                                      "\n"
                                      "garbage \xff\xfe\n"
                                      "3: FLOCK  ADVISORY  READ 900 00:19:5 0 EOF");
    ASSERT_EQ(locks.size(), 2U);
    EXPECT_EQ(locks[0], kWriteLock);
    EXPECT_EQ(locks[1].processId, 900);
}

TEST(ProcLocks, FindsThoseOfADescriptor)
{
    EXPECT_EQ(parseDescriptorLocks("pos:\t0\n"
                                   "flags:\t0100002\n"
                                   "mnt_id:\t80\n"
                                   "ino:\t10952746\n"
                                   "lock:\t1: FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF\n"),
              std::vector{kWriteLock});
    EXPECT_TRUE(parseDescriptorLocks("pos:\t0\nflags:\t0100002\n").empty());
    EXPECT_TRUE(parseDescriptorLocks("1: FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF\n").empty());
    EXPECT_TRUE(parseDescriptorLocks("lock:").empty());
    EXPECT_TRUE(parseDescriptorLocks("").empty());
}

} // namespace
} // namespace modelvault
