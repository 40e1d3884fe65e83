package dev.lariat.acceptance.group;

import static dev.lariat.acceptance.several.Programs.errorsOf;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.ExceptionGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a program does with the errors of a group: Python's {@code except*}, by hand. */
class ExceptionGroupTest {
  private final IOException io = new IOException("io");
  private final ArithmeticException outside = new ArithmeticException("outside");
  private final ArithmeticException inside = new ArithmeticException("inside");
  private final ExceptionGroup inner = new ExceptionGroup("inner", List.of(inside, io));
  private final ExceptionGroup outer = new ExceptionGroup("outer", List.of(outside, inner));

  /** The group as text, nesting and all. */
  private static String tree(Throwable error) {
    if (!(error instanceof ExceptionGroup group)) {
      return error.getMessage();
    }
    return group.getMessage() + group.exceptions().stream().map(ExceptionGroupTest::tree).toList();
  }

  @Test
  @DisplayName("TG-3 a group has a message, and a copy of its members, at least one")
  void construction() {
    List<Throwable> members = new ArrayList<>(List.of(outside, io));
    ExceptionGroup group = new ExceptionGroup("both", members);
    members.clear();
    assertThat(group).hasMessage("both (2 sub-exceptions)").hasNoCause();
    assertThat(group.exceptions()).containsExactly(outside, io);
    assertThat(group.getSuppressed())
        .as("so that a stack trace shows them")
        .containsExactly(outside, io);
    assertThatThrownBy(() -> group.exceptions().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> new ExceptionGroup("none", List.of()));
  }

  @Test
  @DisplayName("TG-3 subgroup keeps the members that match, in their nesting")
  void subgroup() {
    assertThat(tree(outer.subgroup(ArithmeticException.class).orElseThrow()))
        .isEqualTo("outer (2 sub-exceptions)[outside, inner (1 sub-exception)[inside]]");
    assertThat(tree(outer.subgroup(IOException.class).orElseThrow()))
        .isEqualTo("outer (1 sub-exception)[inner (1 sub-exception)[io]]");
    assertThat(tree(outer.subgroup(error -> error == outside).orElseThrow()))
        .isEqualTo("outer (1 sub-exception)[outside]");
    assertThat(outer.subgroup(IllegalStateException.class)).isEmpty();
    assertThat(tree(outer))
        .as("the group itself is as before")
        .isEqualTo("outer (2 sub-exceptions)[outside, inner (2 sub-exceptions)[inside, io]]");
  }

  @Test
  @DisplayName("TG-3 split gives the members that match, and the rest")
  void split() {
    ExceptionGroup.Split split = outer.split(error -> error instanceof ArithmeticException);
    assertThat(tree(split.matching()))
        .isEqualTo("outer (2 sub-exceptions)[outside, inner (1 sub-exception)[inside]]");
    assertThat(tree(split.rest()))
        .isEqualTo("outer (1 sub-exception)[inner (1 sub-exception)[io]]");
  }

  @Test
  @DisplayName("TG-3 a part without members is null")
  void splitAllOrNone() {
    ExceptionGroup.Split all = outer.split(error -> true);
    assertThat(tree(all.matching())).isEqualTo(tree(outer));
    assertThat(all.rest()).isNull();
    ExceptionGroup.Split none = outer.split(error -> false);
    assertThat(none.matching()).isNull();
    assertThat(tree(none.rest())).isEqualTo(tree(outer));
  }

  @Test
  @DisplayName("TG-3 groups are not asked about: each is a RuntimeException, whatever is in it")
  void membersOnly() {
    // Python asks about groups as well; but it has two classes of them, and so a group of errors
    // that are no exceptions is none.
    assertThat(outer.subgroup(ExceptionGroup.class)).isEmpty();
    assertThat(tree(outer.split(error -> error instanceof RuntimeException).rest()))
        .isEqualTo("outer (1 sub-exception)[inner (1 sub-exception)[io]]");
  }

  @Test
  @DisplayName("TG-3 split asks about each member once, so that none is lost or doubled")
  void splitAsksOnce() {
    List<Throwable> asked = new ArrayList<>();
    outer.split(error -> {
      asked.add(error);
      return false;
    });
    assertThat(asked).containsExactly(outside, inside, io);
  }

  @Test
  @DisplayName("TG-14 a part keeps cause and stack trace of the whole")
  void partsKeepTheirOrigin() {
    outer.initCause(new IllegalStateException("cause"));
    ExceptionGroup part = outer.subgroup(IOException.class).orElseThrow();
    assertThat(part.getStackTrace()).isEqualTo(outer.getStackTrace());
    assertThat(part).hasCause(outer.getCause());
  }

  @Test
  @DisplayName("TG-4 the errors of a real group can be told apart the same way")
  void errorsOfATaskGroup() {
    run(() -> {
      AssertionError error = new AssertionError("error");
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(seconds(1), io));
            group.createTask(failing(seconds(1), error));
          });
      ExceptionGroup.Split split = thrown.split(member -> member instanceof Exception);
      assertThat(split.matching().exceptions()).containsExactly(io);
      assertThat(split.rest().exceptions()).containsExactly(error);
      assertThat(split.rest()).hasMessage("unhandled errors in a TaskGroup (1 sub-exception)");
    });
  }
}
