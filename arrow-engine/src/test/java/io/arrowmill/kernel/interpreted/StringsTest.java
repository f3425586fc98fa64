package io.arrowmill.kernel.interpreted;

import static io.arrowmill.kernel.interpreted.Values.check;
import static io.arrowmill.kernel.interpreted.Values.checkFault;
import static io.arrowmill.kernel.interpreted.Values.checkNulls;
import static io.arrowmill.kernel.interpreted.Values.checkTyped;

import io.arrowmill.types.DataTypes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StringsTest {
  /** Two code points, four UTF-8 bytes and two UTF-16 units, then one. */
  private static final String EMOJI = "\ud83d\ude00z";

  @ParameterizedTest
  @CsvSource({
    "5, 2147483647, k SQL",
    "-3, 2147483647, SQL",
    "5, 1, k",
    "0, 2, Sp",
    "-20, 15, Spar",
    "1, 0, ''",
    "3, -1, ''",
    "20, 2, ''",
    "9, 9, L"
  })
  void substrings(int position, int length, String expected) {
    check("substring", expected, "Spark SQL", position, length);
  }

  @Test
  void countsCodePoints() {
    check("length", 2, EMOJI);
    check("octet_length", 5, EMOJI);
    check("bit_length", 40, EMOJI);
    check("substring", "z", EMOJI, 2);
    check("reverse", "z\ud83d\ude00", EMOJI);
    check("instr", 2, EMOJI, "z");
    check("ascii", 0x1F600, EMOJI);
    check("length", 3, new byte[3]);
    check("lpad", "--" + EMOJI, EMOJI, 4, "-");
  }

  @Test
  void changesCase() {
    check("upper", "\u00c4B", "\u00e4b");
    check("lower", "spark", "SPARK");
    check("initcap", "Hello World-wide", "hELLO wORLD-WIDE");
  }

  @Test
  void padsAndTrims() {
    check("lpad", "???hi", "hi", 5, "??");
    check("lpad", "h", "hi", 1, "??");
    check("rpad", "hi   ", "hi", 5);
    check("rpad", "hi", "hi", 5, "");
    check("lpad", "", "hi", -1, "?");
    check("trim", "a b\t", "  a b\t ");
    check("trim", "parkSQL", "SparkSQLS", "S");
    check("ltrim", "arkSQLS", "SparkSQLS", "Sp");
    check("rtrim", "SSpark", "SSparkSQLS", "LQS");
    check("btrim", "park", "SparkSL", "SL");
    checkNulls("lpad", DataTypes.STRING, "hi", 5, "?");
  }

  @Test
  void joinsAndRepeats() {
    check("concat", "ab", "a", "b");
    check("concat", "");
    checkTyped("concat", DataTypes.STRING, null, "a", null);
    check("concat_ws", "a,b,c", ",", "a", null, Arrays.asList("b", null), "c");
    check("concat_ws", null, null, "a");
    check("repeat", "ababab", "ab", 3);
    check("repeat", "", "ab", -1);
    check("replace", "ABCDEF", "ABCabc", "abc", "DEF");
    check("replace", "ABC", "ABC", "", "x");
    check("translate", "A1B2C3", "AaBbCc", "abc", "123");
    check("translate", "AB", "AaBb", "ab", "");
    check("overlay", "Spark_SQL", "Spark SQL", "_", 6);
    check("overlay", "Structured SQL", "Spark SQL", "tructured", 2, 4);
    check("left", "Spa", "Spark SQL", 3);
    check("right", "SQL", "Spark SQL", 3);
    check("right", "", "Spark SQL", -3);
    check("chr", "A", 321L);
    check("chr", "", -1L);
  }

  @Test
  void finds() {
    check("locate", 4, "bar", "foobarbar");
    check("locate", 7, "bar", "foobarbar", 5);
    check("locate", 0, "bar", "foobarbar", 0);
    check("instr", 0, "abc", "x");
    check("startswith", true, "Spark", "Sp");
    check("endswith", false, "Spark", "Sp");
    check("contains", true, "Spark", "ar");
    check("substring_index", "www.apache", "www.apache.org", ".", 2);
    check("substring_index", "apache.org", "www.apache.org", ".", -2);
    check("substring_index", "www.apache.org", "www.apache.org", ".", 4);
    check("substring_index", "", "www.apache.org", ".", 0);
    check("split_part", "13", "11.12.13", ".", 3);
    check("split_part", "13", "11.12.13", ".", -1);
    check("split_part", "", "11.12.13", ".", 5);
    checkFault("split_part", DataTypes.STRING, "INVALID_INDEX_OF_ZERO", "a.b", ".", 0);
    check("find_in_set", 3, "ab", "abc,b,ab,c,def");
    check("levenshtein", 3, "kitten", "sitting");
    check("elt", "java", 2, "scala", "java");
  }

  @ParameterizedTest
  @CsvSource({
    "Spark, _park, true",
    "Spark, %ark%, true",
    "Spark, spark, false",
    "'a\nb', a%b, true",
    "a.c, a.c, true",
    "abc, a.c, false",
    "50%, 50\\%, true",
    "50x, 50\\%, false",
    "'', %, true",
    "\ud83d\ude00, _, true"
  })
  void likes(String text, String pattern, boolean expected) {
    check("like", expected, text, pattern);
  }

  @Test
  void likesWithEscapes() {
    check("like", true, "a_c", "a/_c", "/");
    check("ilike", true, "SPARK", "s%k");
    checkFault("like", DataTypes.BOOLEAN, "INVALID_FORMAT.ESC_AT_THE_END", "a", "a\\");
    checkFault("like", DataTypes.BOOLEAN, "INVALID_FORMAT.ESC_IN_THE_MIDDLE", "a", "\\a");
    checkNulls("like", DataTypes.BOOLEAN, "a", "a");
  }

  @Test
  void regularExpressions() {
    check("rlike", true, "%SystemDrive%\\Users", "Drive");
    check("regexp_extract", "100", "100-200", "(\\d+)-(\\d+)", 1);
    check("regexp_extract", "100-200", "100-200", "(\\d+)-(\\d+)", 0);
    check("regexp_extract", "", "x", "(\\d+)", 1);
    check("regexp_extract_all", List.of("100", "300"), "100-200, 300-400", "(\\d+)-(\\d+)", 1);
    check("regexp_replace", "num-num", "100-200", "(\\d+)", "num");
    check("regexp_replace", "<a>b", "ab", "(a)", "<$1>");
    check("regexp_replace", "100-num", "100-200", "\\d+", "num", 4);
    check("regexp_count", 2, "Steven Jones and Stephen", "Ste(v|ph)en");
    check("regexp_substr", "Steven", "Steven Jones", "Ste(v|ph)en");
    checkFault(
        "regexp_extract",
        DataTypes.STRING,
        "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
        "1",
        "(1)",
        2);
    checkFault("rlike", DataTypes.BOOLEAN, "INVALID_PARAMETER_VALUE.PATTERN", "a", "(");
  }

  @Test
  void splits() {
    check("split", List.of("one", "two", "three", ""), "oneAtwoBthreeC", "[ABC]");
    check("split", List.of("one", "twoBthreeC"), "oneAtwoBthreeC", "[ABC]", 2);
    check("split", List.of("a", "b"), "ab", "", -1);
    check("split", List.of("a", "bc"), "abc", "", 2);
    check("split", List.of(""), "", ",", -1);
  }

  @Test
  void encodings() {
    check("hex", "11", 17L);
    check("hex", "537061726B2053514C", "Spark SQL");
    check("hex", "FFFFFFFFFFFFFFFF", -1L);
    check("unhex", "Spark SQL".getBytes(StandardCharsets.UTF_8), "537061726B2053514C");
    check("base64", "U3BhcmsgU1FM", "Spark SQL");
    check("unbase64", "Spark SQL".getBytes(StandardCharsets.UTF_8), "U3BhcmsgU1FM");
  }

  @Test
  void hashes() {
    // The values that Spark's function reference gives.
    check("hash", -1321691492, "Spark", List.of(123), 2);
    check("xxhash64", 5602566077635097486L, "Spark", List.of(123), 2);
    check("crc32", 1557323817L, "Spark");
    check("md5", "8cde774d6f7333752ed72cacddb05126", "Spark");
    check("sha1", "85f5955f4b27a9a4c2aab6ffe5d7189fc298b92c", "Spark");
    check("sha2", "529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b", "Spark", 256);
    check("hash", 42, (Object) null);
  }
}
