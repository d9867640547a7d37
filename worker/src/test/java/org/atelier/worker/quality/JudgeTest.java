package org.atelier.worker.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Map<String, String> FACE = Map.of("head", "bob", "hairColour", "brown", "hatColour", "red",
            "facialHair", "none", "glasses", "none");
    private static final Map<String, Double> SKIN = Map.of("skin", 0.4);

    private static BundleNetworks networks;
    private static NDManager manager;
    private static Judge judge;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
        manager = TestEngine.get().newManager();
        judge = Judge.of(networks, WishList.of("avatar-128").orElseThrow());
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    private static NDArray face(long seed) {
        var generator = networks.generator();
        return Scope.compute(() -> generator.render(generator.truncate(generator.map(HostArrays.of(manager,
                new RandomState(seed).randnFloat(generator.zSize()), new Shape(1, generator.zSize()))), 0.7, generator
                        .rows()), Noise.STORED));
    }

    private static Reading with(String attribute, String value) {
        var values = new HashMap<>(FACE);
        values.put(attribute, value);
        return new Reading(values, SKIN);
    }

    private static Wish wish(String attribute) {
        return judge.list().wishes().stream().filter(w -> w.attribute().equals(attribute)).findFirst().orElseThrow();
    }

    @Test
    void theListHasTwentyFourWishesAndHalfOfThemAreAboutFaces() {
        var list = judge.list();

        assertThat(list.wishes()).hasSize(24).extracting(Wish::prompt).doesNotHaveDuplicates();
        assertThat(list.wishes().stream().collect(Collectors.groupingBy(Wish::group, Collectors.counting())))
                .isEqualTo(Map.of("face", 12L, "rest", 12L));
    }

    @Test
    void facesAreReadOneByOneAsTogether() {
        Scope.run(() -> {
            var together = judge.read(face(7).concat(face(85), 0));

            assertThat(together).extracting(Reading::values).containsExactly(judge.read(face(7)).getFirst().values(),
                    judge.read(face(85)).getFirst().values());
            assertThat(together.getFirst().values()).hasSize(11).isNotEqualTo(together.getLast().values());
            assertThat(together.getFirst().numbers().get("skin")).isBetween(-0.2, 1.2);
        });
    }

    @Test
    void whatIsThereAlreadyOrCannotBeSeenIsNoTask() {
        var before = new Reading(FACE, SKIN);

        assertThat(judge.isOpen(wish("glasses"), before)).isTrue();
        assertThat(judge.isOpen(wish("glasses"), with("glasses", "round"))).isFalse();
        assertThat(judge.isOpen(wish("hairColour"), before)).isTrue();
        assertThat(judge.isOpen(wish("hairColour"), with("head", "none"))).as("pink hair of a bald head").isFalse();
    }

    @Test
    void othersCountOnlyWhereTheyMeanSomething() {
        var before = new Reading(FACE, SKIN);
        var round = new HashMap<>(FACE);
        round.put("glasses", "round");
        round.put("hatColour", "blue");

        var clean = judge.judge(wish("glasses"), before, new Reading(round, SKIN));
        assertThat(clean).isEqualTo(new Verdict(true, 4, Set.of()));
        assertThat(clean.kept()).isEqualTo(1);

        round.put("facialHair", "beardLight");
        var darker = judge.judge(wish("glasses"), before, new Reading(round, Map.of("skin", 0.4 + 2
                * Judge.SAME_NUMBER)));
        assertThat(darker).isEqualTo(new Verdict(true, 4, Set.of("facialHair", "skin")));
        assertThat(darker.kept()).isEqualTo(0.5);

        var bald = judge.judge(wish("glasses"), before, with("head", "none"));
        assertThat(bald).as("the colour of hair that is gone did not change").isEqualTo(new Verdict(false, 3, Set.of(
                "head")));
    }

    @Test
    void tallies() {
        var tally = Tally.EMPTY.plus(new Verdict(true, 4, Set.of("skin"))).plus(new Verdict(false, 4, Set.of()));

        assertThat(tally.reachedShare()).isEqualTo(0.5);
        assertThat(tally.keptShare()).isCloseTo(0.875, within(1e-9));
        assertThat(tally.plus(tally).edits()).isEqualTo(4);
        assertThat(Tally.EMPTY.reachedShare()).isZero();
    }

    @Test
    void aWishThatNobodyCanReadIsRefused() {
        var list = judge.list();
        var strange = new WishList(list.control(), list.hidden(), List.of(new Wish("a green nose", "nose", Set.of(
                "green"), "face")));
        var unknown = new WishList(list.control(), list.hidden(), List.of(new Wish("x", "glasses", Set.of("monocle"),
                "face")));

        assertThatThrownBy(() -> Judge.of(networks, strange)).hasMessageContaining("no attribute nose");
        assertThatThrownBy(() -> Judge.of(networks, unknown)).hasMessageContaining("no glasses monocle");
    }
}
