#pragma once

#include "models/schema_picture.h"

#include <QIcon>
#include <QPalette>

namespace modelvault::ui {

/// Of a line of a schema: a key, a sign for what became of it; differs in shape, not only in colour, and is sharp at
/// any scale. None for lines without a mark. GUI thread.
[[nodiscard]] QIcon schemaIcon(SchemaLine::Mark mark, const QPalette &palette);

} // namespace modelvault::ui
