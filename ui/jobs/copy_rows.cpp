#include "jobs/copy_rows.h"

#include "database/row_reader.h"
#include "export/row_columns.h"
#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <utility>

namespace modelvault::ui {
namespace {

void copy(QPromise<CopiedRows> &promise, const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
          const RowsToCopy &wish)
{
    const auto &collection = *snapshot->catalog->catalog().find(wish.collectionId);
    std::vector<FieldDefinition> fields;
    for (const auto field : wish.fields)
        fields.push_back(collection.current().fields[field]);
    RowReader reader(store, snapshot);
    RowColumns columns(collection);
    RowText text(wish.format, fields);
    CopiedRows copied;
    std::vector<const Value *> chosen;
    for (const auto no : wish.rows) {
        if (promise.isCanceled())
            return;
        if (text.size() >= kMostCopiedBytes)
            break;
        const auto row = reader.read(no);
        if (!row) {
            promise.addResult(CopiedRows{.text = {}, .error = row.error()});
            return;
        }
        const auto all = columns.of(row->record);
        chosen.clear();
        for (const auto field : wish.fields)
            chosen.push_back(all[field]);
        text.add(chosen);
        ++copied.rows;
    }
    copied.text = QString::fromStdString(std::move(text).take());
    promise.addResult(std::move(copied));
}

} // namespace

QFuture<CopiedRows> copyRows(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                             RowsToCopy wish)
{
    return QtConcurrent::run(&searchPool(),
                             [store = std::move(store), snapshot = std::move(snapshot), wish = std::move(wish)](
                                 QPromise<CopiedRows> &promise) { copy(promise, *store, snapshot, wish); });
}

} // namespace modelvault::ui
