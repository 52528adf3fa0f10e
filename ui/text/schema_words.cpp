#include "text/schema_words.h"

#include "export/schema_text.h"
#include "text/words.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <string_view>

namespace modelvault::ui {
namespace {

constexpr std::size_t kMostName = 200; // bytes
constexpr std::size_t kMostConstraints = 100;

QString tr(const char *text)
{
    return QCoreApplication::translate("SchemaWords", text);
}

} // namespace

QString pathName(const FieldPath &path)
{
    return plainText(path.text(kMostName));
}

QString typeName(const FieldType &type)
{
    return plainText(typeText(type));
}

QString constraintsName(const std::vector<Constraint> &constraints)
{
    QStringList texts;
    for (std::size_t i = 0; i < std::min(constraints.size(), kMostConstraints); ++i)
        texts += plainText(constraintText(constraints[i]));
    if (constraints.size() > kMostConstraints)
        texts += QStringLiteral("…");
    return texts.join(QStringLiteral(", "));
}

QString definitionName(const FieldDefinition &field)
{
    const auto type = typeName(field.type);
    return field.constraints.empty() ? type : tr("%1, %2").arg(type, constraintsName(field.constraints));
}

QString variantName(const std::string &variant)
{
    return plainText(std::string_view(variant).substr(0, kMostName));
}

QString uniqueName(IndexKind kind)
{
    return kind == IndexKind::Unique ? tr("unique") : tr("not unique");
}

QString indexName(const IndexDefinition &index)
{
    return tr("%1, of %2").arg(uniqueName(index.kind), pathName(index.path));
}

QString riskName(ChangeRisk risk)
{
    switch (risk) {
    case ChangeRisk::Safe:
        return tr("safe");
    case ChangeRisk::NeedsMigration:
        return tr("needs migration");
    case ChangeRisk::Breaking:
        return tr("breaking");
    }
    return {};
}

} // namespace modelvault::ui
