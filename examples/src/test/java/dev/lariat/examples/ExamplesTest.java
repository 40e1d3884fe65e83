package dev.lariat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs every example, and checks all it prints and how long it takes on the loop's clock. */
class ExamplesTest {

  // -- running -----------------------------------------------------------------------------------

  @Test
  void helloWorld() {
    Output output = Output.ofTask(HelloWorld::hello);
    assertThat(output.lines()).containsExactly("Hello ...", "... World!");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void runACoroutine() {
    assertThat(Output.ofMain(RunACoroutine::main))
        .containsExactly("doing stuff ...", "the result is 42");
  }

  @Test
  void runForever() {
    Output output = Output.ofLoop(RunForever::program);
    assertThat(output.lines())
        .containsExactly("tick 1", "tick 2", "tick 3", "told to stop", "stopped; running: false");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  // -- coroutines, futures, tasks ----------------------------------------------------------------

  @Test
  void coroutines() {
    assertThat(Output.ofTask(Coroutines::program).lines())
        .containsExactly("not executed yet; a coroutine: true", "computing", "4", "computing", "4");
  }

  @Test
  void awaitables() {
    assertThat(Output.ofTask(Awaitables::program).lines())
        .containsExactly(
            "coroutine: call 1, call 2", "task: call 3, call 3", "future: a value, a value");
  }

  @Test
  void scheduling() {
    assertThat(Output.ofTask(Scheduling::program).lines())
        .containsExactly(
            "scheduled, not started",
            "connecting to one.example.com",
            "connecting to two.example.com",
            "connecting to three.example.com",
            "connected to one.example.com",
            "connected to two.example.com",
            "connected to three.example.com");
  }

  @Test
  void futures() {
    Output output = Output.ofTask(Futures::program);
    assertThat(output.lines())
        .containsExactly(
            "waiting",
            "the result is set",
            "done: true",
            "Alice is told: dinner is ready",
            "Bob is told: dinner is ready",
            "awaited: dinner is ready");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void createTask() {
    assertThat(Output.ofTask(CreateTask::program).lines())
        .containsExactly("done: false", "42", "done: true");
  }

  @Test
  void tasks() {
    assertThat(Output.ofLoop(Tasks::program).lines())
        .containsExactly("callback: the first is 4", "the loop has run: the second is 9");
  }

  // -- callbacks and time ------------------------------------------------------------------------

  @Test
  void callbacks() {
    Output output = Output.ofTask(Callbacks::program);
    assertThat(output.lines())
        .containsExactly(
            "nothing has been called yet",
            "Good morning, everybody",
            "Good evening, Alice",
            "Good night, Bob");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void sleeping() {
    Output output = Output.ofTask(Sleeping::program);
    assertThat(output.lines())
        .containsExactly("nobody sleeps yet", "[paused, paused too]", "10 seconds");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  // -- other threads -----------------------------------------------------------------------------

  @Test
  void loopInAnotherThread() {
    assertThat(Output.ofMain(LoopInAnotherThread::main))
        .containsExactly(
            "no loop yet", "the loop that was set: true", "a coroutine runs in the worker");
  }

  @Test
  void callSoonThreadsafe() {
    assertThat(Output.ofMain(CallSoonThreadsafe::main))
        .containsExactly("refused: this is the postman", "received: a letter");
  }

  @Test
  void runCoroutineThreadsafe() {
    assertThat(Output.ofMain(RunCoroutineThreadsafe::main))
        .containsExactly("computed in the worker", "received: 49");
  }

  @Test
  void runInExecutor() {
    assertThat(Output.ofTask(RunInExecutor::program).lines())
        .containsExactly("called in a virtual thread", "called in the executor");
  }

  @Test
  void toThread() {
    assertThat(Output.ofTask(() -> ToThread.program(Duration.ofMillis(1))).lines())
        .containsExactly(
            "another task runs meanwhile",
            "the blocking call is over",
            "the other task is done: true");
  }

  // -- several at once ---------------------------------------------------------------------------

  @Test
  void gatherResults() {
    Output output = Output.ofTask(GatherResults::program);
    assertThat(output.lines())
        .containsExactly("the coroutine is done first", "[from a future, from a coroutine]");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void taskGroups() {
    Output output = Output.ofTask(TaskGroups::program);
    assertThat(output.lines())
        .containsExactly("another coroutine", "some coroutine", "Both tasks are done!");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  // -- cancellation ------------------------------------------------------------------------------

  @Test
  void cancelling() {
    Output output = Output.ofTask(Cancelling::program);
    assertThat(output.lines())
        .containsExactly(
            "working",
            "cleaning up",
            "cancelled: not needed any more",
            "the task is cancelled: true");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void uncancelling() {
    Output output = Output.ofTask(Uncancelling::program);
    assertThat(output.lines())
        .containsExactly(
            "asked to stop: 1",
            "requests left: 0",
            "finished all the same",
            "the task is cancelled: false");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void shielding() {
    Output output = Output.ofTask(Shielding::program);
    assertThat(output.lines())
        .containsExactly("the one who waited is cancelled", "saved", "all is saved");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  // -- timeouts ----------------------------------------------------------------------------------

  @Test
  void timeLimit() {
    Output output = Output.ofTask(TimeLimit::program);
    assertThat(output.lines())
        .containsExactly("The long operation timed out, but we've handled it");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void rescheduling() {
    Output output = Output.ofTask(Rescheduling::program);
    assertThat(output.lines()).containsExactly("Looks like we haven't finished on time :(");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void deadline() {
    Output output = Output.ofTask(Deadline::program);
    assertThat(output.lines())
        .containsExactly("step 1 is done", "step 2 is done", "step 3 would be too late");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void eternity() {
    Output output = Output.ofTask(Eternity::program);
    assertThat(output.lines()).containsExactly("timeout!");
    assertThat(output.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  // -- looking round -----------------------------------------------------------------------------

  @Test
  void introspection() {
    assertThat(Output.ofTask(Introspection::program).lines())
        .containsExactly(
            "this is main",
            "in flight: [dessert, dinner, main]",
            "in flight: [dessert, main]",
            "in flight: [main]",
            "is a coroutine: true",
            "a task is one: false");
  }

  // -- completeness ------------------------------------------------------------------------------

  @Test
  void everyExampleHasATestAndALineInTheReadme() throws IOException {
    String tests = Files.readString(Path.of("src/test/java/dev/lariat/examples/ExamplesTest.java"));
    String readme = Files.readString(Path.of("README.md"));
    List<String> names;
    try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/lariat/examples"))) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(
                  name -> name.endsWith(".java")) // the Finder has a folder, and tests, of its own
              .map(name -> name.replace(".java", ""))
              .toList();
    }
    assertThat(names)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(tests).containsPattern("\\b" + name + "(::|\\.)\\w"))
        .allSatisfy(name ->
            assertThat(readme).contains("(src/main/java/dev/lariat/examples/" + name + ".java)"));
  }
}
