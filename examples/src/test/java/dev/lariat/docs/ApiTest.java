package dev.lariat.docs;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds docs/api against the code: what other code can see of a module, with its nullness. So no
 * change of that goes unseen in a review. Generated code is not in it.
 */
class ApiTest {
  private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+);");
  private static final Pattern EVIDENT =
      Pattern.compile("\\b(java\\.lang|org\\.jspecify\\.annotations)\\.(?=[A-Z])");

  @ParameterizedTest
  @ValueSource(strings = {"core", "net", "swing", "javafx", "swt", "glib", "gio", "qt"})
  void isAsWritten(String module) throws Exception {
    List<String> api = describe(Path.of("..", module, "src/main/java"));
    Path now = Files.createDirectories(Path.of("target", "api")).resolve(module + ".txt");
    Files.write(now, api);
    Path written = Path.of("../docs/api", module + ".txt");
    List<String> before = Files.exists(written) ? Files.readAllLines(written) : List.of();
    if (!api.equals(before)) {
      fail(
          "The public API of %s has changed.%n  gone: %s%n  new:  %s%n"
                  .formatted(module, without(before, api), without(api, before))
              + "If that is meant, accept it: cp examples/target/api/*.txt docs/api/");
    }
  }

  private static String without(List<String> lines, List<String> others) {
    return lines.stream().filter(line -> !others.contains(line)).collect(joining("\n        "));
  }

  /** A line for each class, and an indented one for each member, by their names. */
  private static List<String> describe(Path sources) throws Exception {
    List<String> lines = new ArrayList<>();
    String module = Files.readString(sources.resolve("module-info.java"));
    for (MatchResult exported : EXPORTS.matcher(module).results().toList()) {
      String name = exported.group(1);
      File directory = sources.resolve(name.replace('.', '/')).toFile();
      String[] files = directory.list((_, file) -> file.matches("\\w+\\.java"));
      if (files != null) { // or all of it is generated
        Arrays.sort(files);
        for (String file : files) {
          describe(Class.forName(name + "." + file.replace(".java", "")), lines);
        }
      }
    }
    return lines;
  }

  private static void describe(Class<?> type, List<String> lines) {
    if (isHidden(type.getModifiers())) {
      return;
    }
    AnnotatedType above = type.getAnnotatedSuperclass();
    lines.add(
        brief(
            type.toGenericString().replaceFirst("<.*", "")
                + parameters(type.getTypeParameters())
                + (type.getSuperclass() == Object.class || above == null ? "" : " extends " + above)
                + list(" implements ", type.getAnnotatedInterfaces())));
    members(type)
        .map(member -> "  " + brief(member))
        .distinct() // one of a hidden superclass may be overridden
        .sorted(Comparator.comparing(ApiTest::fromName))
        .forEach(lines::add);
    Stream.of(type.getDeclaredClasses())
        .sorted(Comparator.comparing(Class::getName))
        .forEach(inner -> describe(inner, lines));
  }

  private static String brief(String line) {
    return EVIDENT.matcher(line).replaceAll("").replace("@Nullable()", "@Nullable");
  }

  private static String fromName(String member) {
    int end = member.contains("(") ? member.indexOf('(') : member.length();
    return member.substring(member.lastIndexOf(' ', end) + 1);
  }

  /** Those of a superclass, too, that nobody can see. */
  private static Stream<String> members(Class<?> type) {
    Stream<String> own =
        Stream.concat(
            Stream.of(type.getDeclaredFields())
                .filter(field -> !isHidden(field.getModifiers()) && !field.isSynthetic())
                .map(field ->
                    Modifier.toString(field.getModifiers())
                        + (" " + field.getAnnotatedType() + " " + field.getName())),
            Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods())
                .<Executable>flatMap(Stream::of)
                .filter(code -> !isHidden(code.getModifiers()) && !code.isSynthetic())
                .map(ApiTest::describe));
    Class<?> above = type.getSuperclass();
    return above == null || !isHidden(above.getModifiers())
        ? own
        : Stream.concat(own, members(above).filter(member -> !member.contains(" new(")));
  }

  private static String describe(Executable code) {
    int shown = Modifier.methodModifiers() & ~Modifier.SYNCHRONIZED & ~Modifier.NATIVE;
    Stream<String> words =
        Stream.of(
            Modifier.toString(code.getModifiers() & shown),
            code instanceof Method method && method.isDefault() ? "default" : "",
            parameters(code.getTypeParameters()),
            code instanceof Method ? code.getAnnotatedReturnType() + " " + code.getName() : "new");
    String parameters = list("", code.getAnnotatedParameterTypes());
    return words.filter(word -> !word.isEmpty()).collect(joining(" "))
        + ("(" + (code.isVarArgs() ? parameters.replaceFirst("\\[]$", "...") : parameters) + ")")
        + list(" throws ", code.getAnnotatedExceptionTypes());
  }

  private static String parameters(TypeVariable<?>[] parameters) {
    return parameters.length == 0
        ? ""
        : Stream.of(parameters)
            .map(parameter -> parameter + list(" extends ", parameter.getAnnotatedBounds()))
            .collect(joining(", ", "<", ">"));
  }

  private static String list(String before, AnnotatedType[] types) {
    return types.length == 0
        ? ""
        : before + Stream.of(types).map(AnnotatedType::toString).collect(joining(", "));
  }

  private static boolean isHidden(int modifiers) {
    return !Modifier.isPublic(modifiers) && !Modifier.isProtected(modifiers);
  }
}
