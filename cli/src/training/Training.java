import java.util.ArrayList;

/** What the start-up cache of {@code ./lariat run} is trained on: javac, which runs this file. */
class Training {
  public static void main(String[] args) {
    var words = new ArrayList<String>();
    Runnable add = () -> words.add("start-up " + words.size());
    add.run();
    System.out.println(words);
  }
}
