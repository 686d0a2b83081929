# awk: fields, an associative array and arithmetic over the text's lines.
awk '{ for (i = 1; i <= NF; i++) count[$i]++; length_sum += length($0) }
END { for (word in count) { kinds++; total += count[word] * length(word) } print kinds, total, length_sum }' /bench/text |
  md5sum | cut -c 1-16
