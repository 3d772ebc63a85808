//! Words that say nothing about a subject: in Dutch, French and English together, folded.
//!
//! Besides articles and pronouns also the words of asking and of politeness: "graag", "merci".

use crate::adapters::knowledge::search::words::Words;
use std::sync::LazyLock;

const DUTCH: &str = "\
    de het een en van ik te dat die in hij niet zijn is was op aan met als voor had er maar om hem dan zou of wat \
    mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want \
    nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun dus alles \
    onder ja eens hier wie werd altijd doch wordt wezen kunnen ons onze zelf tegen na reeds wil kon niets uw iemand \
    geweest andere we wij jullie jij hen mag mogen moeten moest moesten willen wilt wou zouden zullen gaan gaat ging \
    kunt kunnen konden doet deed waar wanneer waarom welk welke hoeveel hoelang hoezo graag dank bedankt alvast \
    groet groeten groetjes beste geachte hallo goeiedag goedemorgen goedemiddag mvg vriendelijke vriendelijk aub \
    alstublieft svp vraag vragen vraagje weet weten informatie info uitleg tips tip advies iets nood hulp helpen \
    help bestaat bestaan zoals tussen tijdens volgens vanaf sinds binnen buiten naast via per ofwel maken maak \
    krijgen krijg krijgt gekregen goed beter best juist wel even eerst snel heel zeer erg ander anders elke elk \
    iedereen niemand alle allemaal sommige paar gewoon echt misschien waarschijnlijk momenteel vandaag gisteren \
    morgen week weken dag dagen uur uren jaar jaren maand maanden keer vaak soms ooit nooit nodig eigen nieuwe nieuw \
    gebruiken gebruik gebruikt zien ziet zeggen zegt staat staan komt komen laten laat liggen ligt zit zitten \
    aangeraden raden raad jullie eigenlijk concreet precies ivm mbt bv bijv enz open klein kleine groot grote \
    gemeente gemeenten stad steden bestuur besturen ocmw lokaal lokale vlaams vlaamse";
const FRENCH: &str = "\
    le la les un une des du au aux et ou mais donc or ni car que qui quoi dont ce cet cette ces ca cela celui celle \
    je tu il elle on nous vous ils elles me te se moi toi lui leur leurs mon ma mes ton ta tes son sa ses notre nos \
    votre vos en dans par pour sur avec sans sous entre vers chez comme si ne pas plus moins tres bien est sont \
    etait etre ete suis sommes etes ai as avons avez ont avait avoir fait faire fais faut doit dois devons devez \
    doivent peut peux pouvons pouvez peuvent pouvoir vais va allons allez vont quel quelle quels quelles comment \
    pourquoi quand combien aussi alors apres avant depuis pendant tout toute tous toutes autre autres meme merci \
    bonjour madame monsieur cordialement salutations svp plait question questions savoir conseil conseils aide \
    aider information informations besoin quelqu quelque est-ce il y a qu jour jours heure heures an ans annee mois \
    nouveau nouvelle existe utiliser mettre commune communes ville petit petite grand grande ouvert";
const ENGLISH: &str = "\
    the a an and or but if then of to in on at by for with from about into over after before between under is are \
    was were be been being am have has had do does did doing done can could should would will shall may might must \
    i you he she it we they me him her us them my your his its our their mine yours this that these those what \
    which who whom whose when where why how not no nor so too very just also only own same than more most some any \
    each few all both such as there here out up down off again once please thanks thank hello dear regards kind \
    question questions know advice help tip tips information info need want like get got make use using used best \
    good way ways day days hour hours week weeks month months year years new one two don doesn isn someone long keep worth small big large town city municipality local think";

static ALL: LazyLock<Words<&'static str>> = LazyLock::new(|| {
    [DUTCH, FRENCH, ENGLISH]
        .into_iter()
        .flat_map(str::split_whitespace)
        .collect()
});

/// Is this folded word one that says nothing?
pub fn is_stop_word(word: &str) -> bool {
    ALL.contains(word)
}
