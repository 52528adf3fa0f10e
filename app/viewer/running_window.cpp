#include "running_window.h"

#include <QDataStream>
#include <QIODevice>

#include <kdsingleapplication.h>

#include <string>
#include <system_error>

namespace modelvault::app {
namespace {

// Another number with each change of what follows it, so that two versions don't misread each other.
constexpr quint32 kMessageVersion = 1;
constexpr auto kStreamVersion = QDataStream::Qt_6_8;
constexpr int kPatienceMs = 5'000;

} // namespace

QByteArray toMessage(const HandedOver &what)
{
    QByteArray message;
    QDataStream stream(&message, QIODevice::WriteOnly);
    stream.setVersion(kStreamVersion);
    QByteArrayList files;
    for (const auto &file : what.files)
        files.push_back(QByteArray::fromStdString(file.string()));
    stream << kMessageVersion << files << what.activation;
    return message;
}

std::optional<HandedOver> fromMessage(const QByteArray &message)
{
    QDataStream stream(message);
    stream.setVersion(kStreamVersion);
    quint32 version = 0;
    stream >> version;
    if (version != kMessageVersion)
        return std::nullopt;
    QByteArrayList files;
    HandedOver what;
    stream >> files >> what.activation;
    if (stream.status() != QDataStream::Ok || !stream.atEnd())
        return std::nullopt;
    for (const auto &file : files)
        what.files.emplace_back(file.toStdString());
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
