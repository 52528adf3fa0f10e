#pragma once

#include <QByteArray>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class KDSingleApplication;

namespace modelvault::app {

/// What a second start hands to the window that is there.
struct HandedOver {
    std::vector<std::filesystem::path> files; ///< absolute
    QByteArray activation;                    ///< the desktop's permission to come to the front; empty: none was given
};

[[nodiscard]] QByteArray toMessage(const HandedOver &what);
/// Nothing if it is not what toMessage() of this version writes: the sender may be any program of the user.
[[nodiscard]] std::optional<HandedOver> fromMessage(const QByteArray &message);

/// The one window of a user's session that files of later starts go to. Needs a QApplication.
class RunningWindow {
public:
    RunningWindow();
    ~RunningWindow();

    /// True if another program has the window and took the files; then this one can end. Waits at most five seconds,
    /// so only before there is a window.
    [[nodiscard]] bool handOver(const std::vector<std::filesystem::path> &files) const;

    /// If this program has the window: `take` is called, in the GUI thread, with what later starts hand over, as long
    /// as this object lives.
    void whenHandedOver(const std::function<void(const HandedOver &)> &take);

private:
    std::unique_ptr<KDSingleApplication> m_application;
};

} // namespace modelvault::app
