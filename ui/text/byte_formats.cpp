#include "text/byte_formats.h"

#include <QByteArray>
#include <QCoreApplication>

#include <algorithm>

namespace modelvault::ui {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ByteFormat", text);
}

constexpr std::size_t kPerLine = 16;
constexpr std::size_t kPerArrayLine = 12;

QString hex(std::byte byte)
{
    return QStringLiteral("%1").arg(std::to_integer<int>(byte), 2, 16, QLatin1Char('0'));
}

QByteArray raw(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

QString spaced(std::span<const std::byte> bytes)
{
    return QString::fromLatin1(raw(bytes).toHex(' '));
}

QString dump(std::span<const std::byte> bytes, Offset at)
{
    QString text;
    while (!bytes.empty()) {
        const auto line = bytes.first(std::min(bytes.size(), kPerLine));
        QString characters;
        for (const auto byte : line) {
            const bool printable = byte >= std::byte{0x20} && byte < std::byte{0x7f};
            characters += printable ? QLatin1Char(std::to_integer<char>(byte)) : QLatin1Char('.');
        }
        text += QStringLiteral("%1  %2  |%3|\n")
                    .arg(at.value, 8, 16, QLatin1Char('0'))
                    .arg(spaced(line).leftJustified(static_cast<qsizetype>(kPerLine * 3 - 1)), characters);
        at += line.size();
        bytes = bytes.subspan(line.size());
    }
    return text;
}

QString array(std::span<const std::byte> bytes)
{
    QString text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text += i % kPerArrayLine == 0 ? QStringLiteral("\n    ") : QStringLiteral(" ");
        text += QStringLiteral("0x%1,").arg(hex(bytes[i]));
    }
    return text;
}

QString python(std::span<const std::byte> bytes)
{
    QString text = QStringLiteral("data = (");
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), kPerLine))) {
        text += QStringLiteral("\n    b\"");
        for (const auto byte : bytes.first(std::min(bytes.size(), kPerLine)))
            text += QStringLiteral("\\x") + hex(byte);
        text += QLatin1Char('"');
    }
    return text + QStringLiteral("\n)\n");
}

} // namespace

QString formatName(ByteFormat format)
{
    switch (format) {
    case ByteFormat::Hex:
        return tr("&Hex");
    case ByteFormat::HexDump:
        return tr("Hex &Dump");
    case ByteFormat::CArray:
        return tr("&C Array");
    case ByteFormat::RustArray:
        return tr("&Rust Array");
    case ByteFormat::PythonBytes:
        return tr("&Python Bytes");
    case ByteFormat::Base64:
        return tr("&Base64");
    case ByteFormat::Text:
        return tr("&Text (UTF-8)");
    }
    return {};
}

QString formatBytes(ByteFormat format, std::span<const std::byte> bytes, Offset at)
{
    switch (format) {
    case ByteFormat::Hex:
        return spaced(bytes);
    case ByteFormat::HexDump:
        return dump(bytes, at);
    case ByteFormat::CArray:
        return QStringLiteral("const unsigned char data[%1] = {%2\n};\n").arg(bytes.size()).arg(array(bytes));
    case ByteFormat::RustArray:
        return QStringLiteral("const DATA: [u8; %1] = [%2\n];\n").arg(bytes.size()).arg(array(bytes));
    case ByteFormat::PythonBytes:
        return python(bytes);
    case ByteFormat::Base64:
        return QString::fromLatin1(raw(bytes).toBase64());
    case ByteFormat::Text:
        return QString::fromUtf8(raw(bytes));
    }
    return {};
}

} // namespace modelvault::ui
