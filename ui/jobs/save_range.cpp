#include "jobs/save_range.h"

#include "jobs/pools.h"
#include "text/words.h"

#include <QCoreApplication>
#include <QFile>
#include <QSaveFile>
#include <QtConcurrentRun>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace modelvault::ui {
namespace {

constexpr std::uint64_t kChunk = 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("SaveRange", text);
}

/// Why that is never written to; empty for all else.
QString refusalText(const QString &path, FileIdentity notThis)
{
    const auto there = identityOf(std::filesystem::path(QFile::encodeName(path).toStdString()));
    if (there && *there == notThis)
        return tr("This is the database itself, which is never written to.");
    return {};
}

QString save(const Store &store, Offset begin, Offset end, const QString &path, FileIdentity notThis)
{
    if (const auto refusal = refusalText(path, notThis); !refusal.isEmpty())
        return refusal;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return file.errorString();
    std::vector<std::byte> chunk;
    for (auto at = begin; at < end; at += chunk.size()) {
        chunk.resize(static_cast<std::size_t>(std::min(kChunk, end - at)));
        if (const auto read = store.readExactAt(at, chunk); !read)
            return tr("%1: %2").arg(offsetText(at), errorText(read.error()));
        if (file.write(reinterpret_cast<const char *>(chunk.data()), static_cast<qint64>(chunk.size())) < 0)
            return file.errorString();
    }
    return file.commit() ? QString() : file.errorString();
}

QString save(const std::string &text, const QString &path, FileIdentity notThis)
{
    if (const auto refusal = refusalText(path, notThis); !refusal.isEmpty())
        return refusal;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) < 0
        || !file.commit())
        return file.errorString();
    return {};
}

} // namespace

QFuture<QString> saveRange(std::shared_ptr<const Store> store, Offset begin, Offset end, const QString &path,
                           FileIdentity notThis)
{
    return QtConcurrent::run(&filePool(), [store = std::move(store), begin, end, path, notThis] {
        return save(store->uncached(), begin, end, path, notThis);
    });
}

QFuture<QString> saveText(std::function<std::string()> make, const QString &path, FileIdentity notThis)
{
    return QtConcurrent::run(&filePool(),
                             [make = std::move(make), path, notThis] { return save(make(), path, notThis); });
}

} // namespace modelvault::ui
