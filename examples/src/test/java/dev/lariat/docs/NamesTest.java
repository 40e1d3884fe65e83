package dev.lariat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Asyncio;
import java.io.IOException;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the tables of docs/coming-from-asyncio.md against asyncio's names and against the code. */
class NamesTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final List<String> PACKAGES =
      List.of(
          "dev.lariat",
          "dev.lariat.sync",
          "dev.lariat.queue",
          "dev.lariat.context",
          "dev.lariat.event",
          "dev.lariat.host",
          "dev.lariat.signal",
          "dev.lariat.net",
          "dev.lariat.process");

  /** A row of the table of names. */
  private record Row(String asyncio, String lariat, String remark) {
    boolean isMapped() {
      return lariat.startsWith("`");
    }
  }

  /** The cells of the tables in the section with a title, without their headings. */
  private static List<List<String>> tables(String title) throws IOException {
    return Files.readAllLines(DOCS.resolve("coming-from-asyncio.md")).stream()
        .dropWhile(line -> !line.equals("## " + title))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).toList())
        .filter(cells -> !Set.of("asyncio", "Lariat", "---").contains(cells.getFirst()))
        .toList();
  }

  private static List<Row> names() throws IOException {
    return tables("Every name").stream()
        .map(cells -> new Row(cells.get(0), cells.get(1), cells.get(2)))
        .toList();
  }

  private static List<String> mapped() throws IOException {
    return codes(names().stream().filter(Row::isMapped).map(Row::lariat));
  }

  private static List<String> added() throws IOException {
    return codes(tables("What Lariat adds").stream().map(List::getFirst));
  }

  private static List<String> codes(Stream<String> cells) {
    return cells
        .flatMap(cell -> CODE.matcher(cell).results().map((MatchResult match) -> match.group(1)))
        .toList();
  }

  @Test
  void everyNameOfAsyncioHasOneRow() throws IOException {
    List<String> expected = Files.readAllLines(DOCS.resolve("asyncio-3.14-names.txt"));
    assertThat(expected).hasSizeGreaterThan(250).doesNotHaveDuplicates();
    assertThat(names()).extracting(Row::asyncio).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void everyNameThatIsNotMappedSaysWhy() throws IOException {
    assertThat(names().stream().filter(row -> !row.isMapped()))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.lariat()).isIn("later", "never"))
        .allSatisfy(row -> assertThat(row.remark()).isNotEmpty());
  }

  @Test
  void everyLariatNameExists() throws IOException {
    assertThat(mapped()).hasSizeGreaterThan(150).allSatisfy(NamesTest::assertExists);
    assertThat(added()).hasSizeGreaterThan(10).allSatisfy(NamesTest::assertExists);
  }

  @Test
  void everyMethodOfAsyncioIsInATable() throws IOException {
    Set<String> told = new TreeSet<>(mapped());
    told.addAll(added());
    Set<String> methods =
        Arrays.stream(Asyncio.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(method -> "Asyncio." + method.getName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(told).containsAll(methods);
  }

  /** {@code Class} or {@code Class.member}. */
  private static void assertExists(String name) {
    String[] parts = name.split("\\.");
    Class<?> type =
        PACKAGES.stream()
            .map(where -> classOf(where + "." + parts[0]))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    assertThat(type).as(name).isNotNull();
    assertThat(Modifier.isPublic(type.getModifiers())).as(name + " is public").isTrue();
    if (parts.length > 1) {
      Stream<Member> members =
          Stream.of(type.getMethods(), type.getFields()).flatMap(Arrays::stream);
      assertThat(members.map(Member::getName)).as(name).contains(parts[1]);
    }
    assertThat(parts).as(name).hasSizeLessThan(3);
  }

  private static Class<?> classOf(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }
}
