#pragma once

#include "database/snapshot.h"
#include "position.h"
#include "store/store.h"

#include <QFuture>
#include <QString>

#include <functional>
#include <memory>
#include <string>

namespace modelvault::ui {

/// Writes the bytes [begin, end) of a file into another one, in the background; what stands there is replaced only by
/// the whole. `notThis`: the database itself, which is never written to. Empty when done, else why not.
[[nodiscard]] QFuture<QString> saveRange(std::shared_ptr<const Store> store, Offset begin, Offset end,
                                         const QString &path, FileIdentity notThis);

/// The same with text that `make` makes, in the background too.
[[nodiscard]] QFuture<QString> saveText(std::function<std::string()> make, const QString &path, FileIdentity notThis);

} // namespace modelvault::ui
