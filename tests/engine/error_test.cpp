#include "error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace modelvault {
namespace {

TEST(Error, NamesAreThoseOfTheFormatPage)
{
    EXPECT_EQ(errorName(ErrorCode::BadMagic), "BadMagic");
    EXPECT_EQ(errorName(ErrorCode::SegmentPayloadPastEof), "SegmentPayloadPastEof");
}

TEST(Error, SystemErrorsKeepTheirNumberAndGetTheKindThatCallersTellApart)
{
    EXPECT_EQ(systemError(ENOENT).code, ErrorCode::NotFound);
    EXPECT_EQ(systemError(EACCES).code, ErrorCode::PermissionDenied);
    EXPECT_EQ(systemError(EWOULDBLOCK).code, ErrorCode::WouldBlock);
    EXPECT_EQ(systemError(EIO, Offset{42}),
              (Error{.code = ErrorCode::Io, .offset = Offset{42}, .expected = 0, .found = 0, .system = EIO}));
}

} // namespace
} // namespace modelvault
