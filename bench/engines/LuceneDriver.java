import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.spans.SpanNearQuery;
import org.apache.lucene.search.spans.SpanQuery;
import org.apache.lucene.search.spans.SpanTermQuery;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

/**
 * Lucene as the benchmark's other engines: `build WORDS DIR` indexes a document a line, `serve DIR`
 * answers lines of standard input with lines of standard output.
 *
 * <pre>
 *   count QUERY        nanoseconds total
 *   top K 0|1 QUERY    nanoseconds total score...   (1: the total is exact)
 *   docs QUERY         total fingerprint
 * </pre>
 *
 * Fields are parted by tabs; queries are as bench_query.h says. The first line of `serve` is asked
 * for with `version`. Times are the thread's processor time from the query's text to its hits.
 */
public final class LuceneDriver {
  private static final String FIELD = "words";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  public static void main(String[] args) throws IOException {
    if (args.length == 3 && args[0].equals("build")) {
      build(Paths.get(args[1]), Paths.get(args[2]));
    } else if (args.length == 2 && args[0].equals("serve")) {
      serve(Paths.get(args[1]));
    } else {
      System.err.println("usage: LuceneDriver build WORDS DIR | serve DIR");
      System.exit(2);
    }
  }

  private static void build(Path words, Path directory) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
    config.setRAMBufferSizeMB(256);
    config.setMergePolicy(new LogDocMergePolicy()); // keeps the documents in order
    config.setMergeScheduler(new org.apache.lucene.index.SerialMergeScheduler());
    config.setUseCompoundFile(false);
    try (IndexWriter writer = new IndexWriter(new MMapDirectory(directory), config);
        BufferedReader lines = Files.newBufferedReader(words, StandardCharsets.US_ASCII)) {
      TextField field = new TextField(FIELD, "", Field.Store.NO);
      Document document = new Document();
      document.add(field);
      for (String line; (line = lines.readLine()) != null; ) {
        field.setStringValue(line);
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      writer.commit();
    }
  }

  private static void serve(Path directory) throws IOException {
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(directory)));
    searcher.setQueryCache(null);
    searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
    BufferedReader in = new BufferedReader(
        new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    for (String line; (line = in.readLine()) != null; ) {
      out.print(answer(searcher, line.split("\t")));
      out.print('\n');
      out.flush();
    }
  }

  private static String answer(IndexSearcher searcher, String[] request) throws IOException {
    switch (request[0]) {
      case "version":
        return Version.LATEST.toString();
      case "count":
        return count(searcher, request[1]);
      case "top":
        return top(searcher, Integer.parseInt(request[1]), request[2].equals("1"), request[3]);
      case "docs":
        return documents(searcher, request[1]);
      default:
        return "unknown request";
    }
  }

  private static String count(IndexSearcher searcher, String text) throws IOException {
    long started = THREADS.getCurrentThreadCpuTime();
    int total = searcher.count(parse(text));
    return (THREADS.getCurrentThreadCpuTime() - started) + "\t" + total;
  }

  private static String top(IndexSearcher searcher, int k, boolean exact, String text)
      throws IOException {
    long started = THREADS.getCurrentThreadCpuTime();
    TopScoreDocCollector collector =
        TopScoreDocCollector.create(k, exact ? Integer.MAX_VALUE : k);
    searcher.search(parse(text), collector);
    TopDocs found = collector.topDocs();
    StringBuilder answer = new StringBuilder();
    answer.append(THREADS.getCurrentThreadCpuTime() - started).append('\t').append(found.totalHits.value);
    for (ScoreDoc hit : found.scoreDocs) answer.append('\t').append(hit.score);
    return answer.toString();
  }

  private static String documents(IndexSearcher searcher, String text) throws IOException {
    long[] found = new long[2];
    searcher.search(parse(text), new SimpleCollector() {
      private int base;

      @Override
      protected void doSetNextReader(LeafReaderContext context) {
        base = context.docBase;
      }

      @Override
      public void collect(int doc) {
        found[0] += 1;
        found[1] += mix(base + doc);
      }

      @Override
      public ScoreMode scoreMode() {
        return ScoreMode.COMPLETE_NO_SCORES;
      }
    });
    return found[0] + "\t" + Long.toUnsignedString(found[1]);
  }

  /** As MixDocument of engine.h. */
  private static long mix(long document) {
    long mixed = document + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  private static Query parse(String text) {
    int near = text.indexOf(" NEAR/");
    if (near >= 0) {
      int end = text.indexOf(' ', near + 1);
      int distance = Integer.parseInt(text.substring(near + 6, end));
      return new SpanNearQuery(
          new SpanQuery[] {spanTerm(text.substring(0, near)), spanTerm(text.substring(end + 1))},
          distance - 1,
          false);
    }
    List<Occur> occurs = new ArrayList<>();
    List<Query> clauses = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      char sign = text.charAt(at);
      occurs.add(sign == '+' ? Occur.MUST : sign == '-' ? Occur.MUST_NOT : Occur.SHOULD);
      if (sign == '+' || sign == '-') ++at;
      boolean quoted = text.charAt(at) == '"';
      int end = quoted ? text.indexOf('"', at + 1) : text.indexOf(' ', at);
      if (end < 0) end = text.length();
      clauses.add(quoted
          ? new PhraseQuery(FIELD, text.substring(at + 1, end).split(" "))
          : new TermQuery(new Term(FIELD, text.substring(at, end))));
      at = end + (quoted ? 2 : 1);
    }
    if (clauses.size() == 1) return clauses.get(0);
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (int i = 0; i < clauses.size(); ++i) query.add(clauses.get(i), occurs.get(i));
    return query.build();
  }

  private static SpanTermQuery spanTerm(String word) {
    return new SpanTermQuery(new Term(FIELD, word));
  }
}
