# Adds up Cobertura reports: covered lines and branches by project and feature folder.
function attribute(name,    at) {
  return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
}

/<class / {
  file = attribute("filename")
  # The path from the project on, whatever the report takes for its root.
  if (match(file, /AdminConsole(\.Core)?\/.*/)) file = substr(file, RSTART)
  parts = split(file, path, "/")
  feature = path[1] "/" (parts > 2 ? path[2] : "")
}

/<line / {
  key = file ":" attribute("number")
  if (!(key in folder)) { folder[key] = feature; hit[key] = 0; branches[key] = 0; taken[key] = 0 }
  if (attribute("hits") + 0 > 0) hit[key] = 1
  if (split(attribute("condition-coverage"), of, /[(\/)]/) > 2) {
    branches[key] = of[3] + 0
    if (of[2] + 0 > taken[key]) taken[key] = of[2] + 0
  }
}

END {
  for (key in folder) {
    lines[folder[key]]++; covered[folder[key]] += hit[key]; all[folder[key]] += branches[key]; some[folder[key]] += taken[key]
    total++; totalCovered += hit[key]; totalAll += branches[key]; totalSome += taken[key]
  }
  print "Coverage:"
  format = "%-32s lines %5.1f %% of %5d   branches %5.1f %% of %5d\n"
  sort = "sort"
  for (name in lines) printf format, name, 100 * covered[name] / lines[name], lines[name], all[name] ? 100 * some[name] / all[name] : 100, all[name] | sort
  close(sort)
  if (total) printf format, "all", 100 * totalCovered / total, total, totalAll ? 100 * totalSome / totalAll : 100, totalAll
}
