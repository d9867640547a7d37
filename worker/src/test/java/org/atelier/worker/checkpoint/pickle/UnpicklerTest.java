package org.atelier.worker.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.value.StoredType;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.MappingKind;
import org.atelier.worker.checkpoint.value.Value.ObjectKind;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sound pickles become. */
class UnpicklerTest {
    private static Value tuple(long... values) {
        return new Value.Sequence(SequenceKind.TUPLE,
                Arrays.stream(values).<Value>mapToObj(Value.Int::new).toList());
    }

    private static Value list(Value... values) {
        return new Value.Sequence(SequenceKind.LIST, List.of(values));
    }

    private static Value text(String text) {
        return new Value.Text(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void readsWhatPythonWrites(int protocol) throws Exception {
        var root = (Value.Mapping) Pickles.read(Pickles.resource("plain-" + protocol + ".pkl"));

        assertThat(root.get("list")).contains(list(new Value.Int(0), new Value.Int(255), new Value.Int(65535),
                new Value.Int(-1), new Value.Int(1L << 40), new Value.Int(Long.MIN_VALUE),
                new Value.BigInt(BigInteger.TWO.pow(70)), new Value.Real(1.5), new Value.None(), new Value.Bool(true),
                new Value.Bool(false)));
        assertThat(root.get("tuples"))
                .contains(list(tuple(), tuple(1), tuple(1, 2), tuple(1, 2, 3), tuple(1, 2, 3, 4)));
        assertThat(root.entries())
                .containsEntry("(key, 1)", text("kö€"))
                .containsEntry("7", text("seven"));
        assertThat(root.get("set")).contains(new Value.Sequence(SequenceKind.SET, List.of(text("x"))));
        assertThat(root.get("options")).contains(new Value.Mapping(MappingKind.NAMESPACE,
                Map.of("size", new Value.Int(16), "folder", text("/a/b"))));
        assertThat(root.get("ordered"))
                .contains(new Value.Mapping(MappingKind.ORDERED_DICT, Map.of("a", new Value.Int(1))));
        assertThat(root.get("bytes")).hasValueSatisfying(
                bytes -> assertThat(((Value.Bytes) bytes).region().copy(0, 2)).containsExactly(0, 255));
    }

    @Test
    void readsTheOtherWaysToPutAndGet() {
        var pickle = PickleWriter.start().ops("]p12\n(").text("t").put(300).get(300).ops("eg12\n0").raw(0x8d).int64(1)
                .ops("ua").stop();

        assertThat(Pickles.read(pickle)).isEqualTo(list(text("t"), text("t"), text("u")));
    }

    @Test
    void popDropsAValueOrAMark() {
        assertThat(Pickles.read(PickleWriter.start().integer(1).ops("(0N0").stop())).isEqualTo(new Value.Int(1));
    }

    @Test
    void shortStringsOfPython2AreTextAndLongOnesAreData() {
        assertThat(Pickles.read(PickleWriter.start().ops("U").raw(2, 'k', 0xe9).stop())).isEqualTo(text("ké"));
        assertThat(Pickles.read(PickleWriter.start().ops("T").int32(1).raw(0xe9).stop()))
                .isInstanceOf(Value.Bytes.class);
    }

    @Test
    void python2WroteOrderedDictionariesAsListsOfPairs() {
        var pickle = PickleWriter.start().global("collections", "OrderedDict").ops("](](").text("a").integer(1)
                .ops("ee").raw(0x85).ops("R").stop();

        assertThat(Pickles.read(pickle))
                .isEqualTo(new Value.Mapping(MappingKind.ORDERED_DICT, Map.of("a", new Value.Int(1))));
    }

    @Test
    void attributesOfAStateDictAreDropped() {
        var pickle = PickleWriter.start().global("collections", "OrderedDict").ops(")R").text("w").integer(1)
                .ops("s}").text("_metadata").ops("}sb").stop();

        assertThat(Pickles.read(pickle))
                .isEqualTo(new Value.Mapping(MappingKind.ORDERED_DICT, Map.of("w", new Value.Int(1))));
    }

    @Test
    void sharedValuesStayShared() {
        var root = (Value.Sequence) Pickles.read(PickleWriter.start().ops("](]").put(1).get(1).ops("e").stop());

        assertThat(root.items().get(0)).isSameAs(root.items().get(1));
    }

    @Test
    void tensorsAndParametersOfEveryFormAreTensors() {
        var writer = PickleWriter.start().ops("](");
        Runnable storage = () -> writer.storage("FloatStorage", "0", 16, false);
        writer.tensor(storage, 1, new long[]{2}, 4);
        writer.global("torch._utils", "_rebuild_tensor").ops("(");
        storage.run();
        writer.integer(1).integers(2).integers(4).ops("tR");
        writer.global("torch._utils", "_rebuild_parameter").ops("(");
        writer.tensor(storage, 1, new long[]{2}, 4).raw(0x88).global("collections", "OrderedDict").ops(")RtR");
        writer.global("torch._utils", "_rebuild_parameter_with_state").ops("(");
        writer.tensor(storage, 1, new long[]{2}, 4).raw(0x88).global("collections", "OrderedDict").ops(")R}tR");
        writer.global("torch.nn.parameter", "Parameter").ops("(");
        writer.tensor(storage, 1, new long[]{2}, 4).raw(0x88).ops("tR");

        var root = (Value.Sequence) Pickles.read(writer.ops("e").stop());

        assertThat(root.items()).hasSize(5).allSatisfy(value -> {
            var tensor = ((Value.Tensor) value).tensor();
            assertThat(tensor.type()).isEqualTo(StoredType.FLOAT32);
            assertThat(tensor.toFloats()).containsExactly(1, 5);
        });
    }

    @Test
    void shapesDevicesAndTypesAreData() {
        var pickle = PickleWriter.start().ops("](").global("torch", "Size").integers(2, 3).raw(0x85).ops("R")
                .global("torch", "device").text("cuda").raw(0x85).ops("R").global("torch", "float16")
                .global("torch", "FloatStorage").ops("e").stop();

        assertThat(Pickles.read(pickle)).isEqualTo(list(tuple(2, 3), new Value.Symbol("cuda"),
                new Value.Symbol("torch.float16"), new Value.Symbol("torch.FloatStorage")));
    }

    @Test
    void persistentObjectsAreRecordedWithoutTheirSource() {
        var pickle = PickleWriter.start().global("torch_utils.persistence", "_reconstruct_persistent_obj")
                .ops("(").global("dnnlib.util", "EasyDict").raw(')', 0x81, '(').text("type").text("class").text(
                        "version")
                .integer(6).text("module_src").text("raise SystemExit").text("class_name").text("Generator")
                .text("state").ops("}").text("z_dim").integer(512).ops("sutR").stop();

        var object = (Value.Instance) Pickles.read(pickle);

        assertThat(object.kind()).isEqualTo(ObjectKind.PERSISTENT);
        assertThat(object.className()).isEqualTo("Generator");
        assertThat(object.attribute("z_dim")).contains(new Value.Int(512));
        // printf 'raise SystemExit' | sha256sum
        assertThat(object.source()).hasToString(
                "sha256:3c66a0c62f39423a8d71a3414d4fb4481688f4c83d4da724c9c3fcd192013084");
    }

    @Test
    void classesThatTheCallerNamesAreRecorded() {
        var pickle = PickleWriter.start().global("mapper.net", "Mapper").ops(")").raw(0x81).ops("}").text("_modules")
                .ops("}sb").stop();

        var object = (Value.Instance) Pickles.read(pickle, ReadLimits.DEFAULT,
                AllowList.published(Set.of("mapper.net.Mapper")));

        assertThat(object.kind()).isEqualTo(ObjectKind.MODULE);
        assertThat(object.className()).isEqualTo("mapper.net.Mapper");
        assertThat(object.attribute("_modules")).isPresent();
        assertThat(Pickles.refusal(pickle)).hasMessageContaining("mapper.net.Mapper");
    }

    @Test
    void scriptModulesAreRecordedWhereScriptsAreRead() {
        var pickle = PickleWriter.start().global("__torch__.net.___torch_mangle_7", "Net").ops(")").raw(0x81).ops("}")
                .text("sizes").global("torch.jit._pickle", "build_intlist").ops("](").integer(3).ops("e").raw(0x85)
                .ops("Rs").text("kind").global("torch.jit._pickle", "restore_type_tag").ops("}").text("Dict")
                .raw(0x86).ops("Rsb").stop();

        var object = (Value.Instance) Pickles.read(pickle, ReadLimits.DEFAULT, AllowList.script());

        assertThat(object.kind()).isEqualTo(ObjectKind.SCRIPT);
        assertThat(object.className()).isEqualTo("__torch__.net.___torch_mangle_7.Net");
        assertThat(object.attribute("sizes")).contains(list(new Value.Int(3)));
        assertThat(object.attribute("kind")).contains(new Value.Mapping(MappingKind.DICT, Map.of()));
    }
}
