#include "store/store.h"

namespace modelvault {

Result<bool> Store::isEmpty() const
{
    return length().transform([](std::uint64_t bytes) { return bytes == 0; });
}

} // namespace modelvault
