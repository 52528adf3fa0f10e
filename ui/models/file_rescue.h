#pragma once

#include "check/rescue.h"
#include "database/snapshot.h"
#include "models/writing_job.h"
#include "store/store.h"

#include <filesystem>
#include <memory>

namespace modelvault::ui {

/// What is readable in a damaged file on its way into a new one.
class FileRescue : public WritingJobOf<RescueReport> {
    Q_OBJECT

public:
    explicit FileRescue(QObject *parent = nullptr) : WritingJobOf(parent) { }

    /// Nothing while one is under way.
    void start(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot, RescueKeep keep,
               const std::filesystem::path &target);
};

} // namespace modelvault::ui
