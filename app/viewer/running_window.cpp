#include "running_window.h"

#include <QByteArrayList>

#include <kdsingleapplication.h>

#include <string>
#include <system_error>

namespace modelvault::app {
namespace {

// Another number with each change of what follows it, so that two versions don't misread each other.
constexpr char kMessageVersion[] = "1";
constexpr int kPatienceMs = 5'000;

} // namespace

// Version, activation and files, each ended by a zero, which paths can't have: no lengths that could lie.
QByteArray toMessage(const HandedOver &what)
{
    QByteArrayList parts{kMessageVersion, what.activation};
    for (const auto &file : what.files)
        parts.push_back(QByteArray::fromStdString(file.string()));
    return parts.join('\0') + '\0';
}

std::optional<HandedOver> fromMessage(const QByteArray &message)
{
    const auto parts = message.split('\0');
    if (parts.size() < 3 || parts.front() != kMessageVersion || !parts.back().isEmpty())
        return std::nullopt;
    HandedOver what{.activation = parts[1]};
    for (const auto &file : parts.sliced(2, parts.size() - 3)) {
        if (file.isEmpty())
            return std::nullopt;
        what.files.emplace_back(file.toStdString());
    }
    return what;
}

RunningWindow::RunningWindow()
    : m_application(std::make_unique<KDSingleApplication>(
          QStringLiteral("org.modelvault.Viewer"),
          KDSingleApplication::Options(KDSingleApplication::Option::IncludeUsernameInSocketName)
              | KDSingleApplication::Option::IncludeSessionInSocketName))
{ }

RunningWindow::~RunningWindow() = default;

bool RunningWindow::handOver(const std::vector<std::filesystem::path> &files) const
{
    if (m_application->isPrimaryInstance())
        return false;
    HandedOver what{.activation = qgetenv("XDG_ACTIVATION_TOKEN")};
    for (const auto &file : files) {
        // The other program works in another folder.
        std::error_code failed;
        auto absolute = std::filesystem::absolute(file, failed);
        if (failed)
            return false;
        what.files.push_back(std::move(absolute));
    }
    return m_application->sendMessageWithTimeout(toMessage(what), kPatienceMs);
}

void RunningWindow::whenHandedOver(const std::function<void(const HandedOver &)> &take)
{
    QObject::connect(m_application.get(), &KDSingleApplication::messageReceived, m_application.get(),
                     [take](const QByteArray &message) {
                         if (const auto what = fromMessage(message))
                             take(*what);
                     });
}

} // namespace modelvault::app
