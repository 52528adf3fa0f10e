#include "dropped_files.h"

namespace modelvault::app {

std::vector<std::filesystem::path> localFiles(const QList<QUrl> &urls)
{
    std::vector<std::filesystem::path> files;
    for (const auto &url : urls) {
        if (!url.isLocalFile())
            continue;
#ifdef _WIN32
        files.emplace_back(url.toLocalFile().toStdWString());
#else
        // toLocalFile() would replace bytes that are no UTF-8.
        const auto bytes = QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1());
        files.emplace_back(bytes.toStdString());
#endif
    }
    return files;
}

} // namespace modelvault::app
