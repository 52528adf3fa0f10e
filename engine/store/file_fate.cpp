#include "store/file_fate.h"

namespace modelvault {
namespace {

using Kind = FileFate::Kind;

Kind byLength(std::uint64_t before, std::uint64_t now)
{
    return now == before ? Kind::Same : now > before ? Kind::Grown : Kind::Shrunk;
}

} // namespace

FileFate fateOf(const FileStore &store, std::uint64_t lengthRead)
{
    FileFate fate{.kind = Kind::Unknown, .lengthRead = lengthRead, .lengthNow = lengthRead};
    const auto length = store.length();
    if (!length) {
        fate.error = length.error();
        return fate;
    }
    const auto named = store.path().empty() ? Result<FileIdentity>(store.identity()) : identityOf(store.path());
    if (!named && named.error().code != ErrorCode::NotFound) {
        fate.error = named.error();
        return fate;
    }
    fate.lengthNow = *length;
    if (!named)
        fate.kind = Kind::Gone;
    else if (*named != store.identity())
        fate.kind = Kind::Replaced;
    else
        fate.kind = byLength(lengthRead, *length);
    return fate;
}

} // namespace modelvault
