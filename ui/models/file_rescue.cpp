#include "models/file_rescue.h"

#include "jobs/background_write.h"

#include <utility>

namespace modelvault::ui {

void FileRescue::start(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot, RescueKeep keep,
                       const std::filesystem::path &target)
{
    run(target, [&](auto stop) {
        return writeInBackground<RescueReport>(
            std::move(stop),
            [store = std::move(store), snapshot = std::move(snapshot), keep, target](const Progress &progress) {
                return rescue(*store, snapshot, keep, target, progress);
            });
    });
}

} // namespace modelvault::ui
