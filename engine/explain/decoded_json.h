#pragma once

#include "explain/field_tree.h"

#include <nlohmann/json_fwd.hpp>

namespace modelvault {

/// What a field or a structure says, as JSON for other programs: values as what they are (names of enumerated ones,
/// times in ISO 8601, UUIDs as usual), lists as arrays, structures as objects of their fields in order; fields of one
/// name share an array. The values of a record are members of "values". Padding is left out. Bytes are hex digits, of
/// more than FirstBytes::kMost an object with how they begin. What a tree does not hold, as fields too many to be
/// built, is said by its place and length.
[[nodiscard]] nlohmann::ordered_json decodedJson(const FieldNode &node);

} // namespace modelvault
